import numpy as np

from unio.data.sources.playroom import drawn
from unio.data.sources.playroom.colours import PALETTE, label_colour
from unio.data.sources.playroom.views import Setting, still_view
from unio.data.tasks.image_from_segmentation import BACKGROUND, UNCOUNTED
from unio.data.tasks.scoring.pictures import changed_pixels


def setting(seed, size=64):
    return Setting(seed=seed, split="test", size=size)


def test_descriptions_go_with_the_colours_in_view():
    record = drawn.from_text_record(setting(1), np.random.default_rng(0))
    words = record["description"].split()
    assert set(record["colours"]) == {word for word in words if word in PALETTE.names}


def test_maps_paint_each_thing_in_its_label():
    record = drawn.from_segmentation_record(setting(1), np.random.default_rng(0))
    view = still_view(setting(1))
    for one in view.sight.seen:
        mask = view.frame.ids == one.index
        assert (record["image"][mask] == label_colour(one.thing.colour)).all()
        wanted = PALETTE.names.index(one.thing.colour)
        assert set(np.unique(record["regions"][mask])) <= {wanted, UNCOUNTED}
        assert (record["regions"][mask] == wanted).mean() > 0.4
    floor = view.frame.ids < 0
    assert (record["image"][floor] == 128).all()
    assert (record["regions"][floor] == BACKGROUND).all()


def test_the_map_itself_is_no_answer():
    for seed in range(12):
        record = drawn.from_segmentation_record(setting(seed), np.random.default_rng(0))
        things = record["regions"] >= 0
        assert (PALETTE.classify(record["image"])[things] != record["regions"][things]).all()


def test_edits_change_a_part_of_the_picture():
    rng = np.random.default_rng(0)
    records = [record for seed in range(12) if (record := drawn.edit_record(setting(seed), rng))]
    assert len(records) >= 9
    for record in records:
        assert 0.002 <= changed_pixels(record["image"], record["picture"]).mean() < 0.4


def test_next_frames_move_on_from_the_last():
    rng = np.random.default_rng(0)
    records = [record for seed in range(8) if (record := drawn.next_frame_record(setting(seed), rng))]
    assert len(records) >= 4
    for record in records:
        assert len(record["image_history"]) in (2, 3)
        assert changed_pixels(record["image"], record["picture"]).mean() >= 0.002
        assert changed_pixels(record["image_history"][-1], record["image"]).any()
