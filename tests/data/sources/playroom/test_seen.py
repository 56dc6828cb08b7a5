import numpy as np

from unio.data.sources.playroom import seen
from unio.data.sources.playroom.views import Setting, still_view

SETTING = Setting(seed=11, split="test", size=48)
VIEW = still_view(SETTING)
RNG = np.random.default_rng(0)


def test_captions_list_what_is_to_be_named():
    record = seen.caption_record(SETTING, RNG)
    assert record["things"] == [(one.thing.colour, one.thing.shape) for one in VIEW.sight.seen]


def test_detection_has_a_box_and_a_name_for_each_thing():
    record = seen.detect_record(SETTING, RNG)
    assert record["boxes"].shape == (len(VIEW.sight), 4)
    assert record["boxes"].max() <= 48
    assert len(record["labels"]) == len(VIEW.sight)


def test_regions_are_named_by_what_is_in_them():
    record = seen.region_record(SETTING, RNG)
    detected = seen.detect_record(SETTING, RNG)
    row = detected["boxes"].tolist().index(record["box"].tolist())
    assert record["label"] == detected["labels"][row]


def test_boxes_and_masks_of_expressions_agree():
    referred = seen.refer_record(SETTING, np.random.default_rng(4))
    segmented = seen.segment_record(SETTING, np.random.default_rng(4))
    assert referred["expression"] == segmented["expression"]
    rows, columns = np.nonzero(segmented["mask"])
    assert referred["box"].tolist() == [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]


def test_maps_are_the_frame_s_own():
    assert np.array_equal(seen.depth_record(SETTING, RNG)["depth"], VIEW.frame.depth)
    normals = seen.normals_record(SETTING, RNG)
    assert np.array_equal(normals["normals"], VIEW.frame.normals)
    assert normals["focus"].sum() == (VIEW.frame.ids >= 0).sum()


def test_questions_carry_their_kind():
    kinds = {seen.vqa_record(SETTING, np.random.default_rng(seed))["kind"] for seed in range(60)}
    assert {"count", "colour", "existence"} <= kinds
    assert seen.tag_record(SETTING, RNG)["tags"]
