import json

import numpy as np
import pytest

from unio.data.sources.playroom import PlayroomSource
from unio.data.writers import CocoShards
from unio.data.writers.coco import KEYPOINTS_BUILDER


@pytest.fixture(scope="module")
def things(written, source):
    return written(CocoShards(source=source), count=5, per_shard=2)


def test_boxes_and_names_come_back(things, source, record):
    _, reader = things
    read = {"detect", "localise", "region_class", "tag", "segment", "segment_box", "image_from_segmentation"}
    follow = {"box_property", "refer_many", "segment_many", "segment_in_box", "point", "inpaint"}
    assert set(reader.tasks) == read | follow
    for number in range(5):
        true, made = source.record("detect", 0, number), record(reader, "detect", number)
        assert np.array_equal(made["image"], true["image"])
        expected = sorted(zip(true["boxes"].tolist(), true["labels"], strict=True))
        found = sorted(zip(made["boxes"].tolist(), made["labels"], strict=True))
        assert [label for _, label in found] == [label for _, label in expected]
        assert np.array([box for box, _ in found]) == pytest.approx(np.array([box for box, _ in expected]))


def test_masks_are_the_pixels_seen(things, source, record):
    _, reader = things
    for number in range(5):
        view = source.view(0, number)
        made = record(reader, "segment_box", number, seed=number)
        masks = {tuple(np.round(view.box(one), 6)): view.frame.ids == one.index for one in view.sight.seen}
        assert np.array_equal(made["mask"], masks[tuple(np.round(made["box"], 6))])


def test_ids_are_unique_and_areas_count_pixels(things, source):
    folder, _ = things
    value = json.loads((folder / "annotations" / "instances.json").read_text())
    ids = [one["id"] for one in value["annotations"]]
    assert ids == list(range(1, len(ids) + 1))
    first = value["annotations"][0]
    one = source.view(0, 0).sight.seen[0]
    assert first["area"] == int((source.view(0, 0).frame.ids == one.index).sum())
    assert not (folder / KEYPOINTS_BUILDER).exists()


def test_dolls_have_keypoints(written, record):
    full = PlayroomSource(split="train", size=96, examples_per_scene=1, world="full")
    numbers = [
        number
        for number in range(40)
        if any(one.thing.shape == "doll" for one in full.view(0, number).sight.seen)
    ]
    count = numbers[0] + 1
    _, reader = written(CocoShards(source=full), count=count, per_shard=count, builder=KEYPOINTS_BUILDER)
    view = full.view(0, numbers[0])
    made = record(reader, "keypoints", 0)
    dolls = [one for one in view.sight.seen if one.thing.shape == "doll"]
    boxes = [view.box(one) for one in dolls]
    (place,) = [at for at, box in enumerate(boxes) if made["box"] == pytest.approx(box)]
    seen = view.scene.camera.project(dolls[place].thing.keypoints())
    assert made["known"].any()
    assert made["points"][made["known"]] == pytest.approx(seen.points[made["known"]] * 96)
