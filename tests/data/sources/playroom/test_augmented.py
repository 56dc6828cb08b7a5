"""The augmented families of the playroom against the simulator's state.

Ten scenes of each split and world; the long form by ``UNIO_TRUTH_SCENES=200 pytest`` of this file.
"""

import os

import numpy as np
import pytest

from unio.data.sources.playroom import augmented
from unio.data.sources.playroom.views import Setting, still_view
from unio.data.tasks.bounded_caption import keeps_bound
from unio.playroom.language.naming import ATTRIBUTES
from unio.playroom.language.sight import holds

SCENES = int(os.environ.get("UNIO_TRUTH_SCENES", "10"))
CASES = [(split, world) for split in ("train", "test", "novel") for world in ("first", "full")]
cases = pytest.mark.parametrize(("split", "world"), CASES)


def records(maker, split, world):
    """Settings' views and the records made of them; at least one scene has something."""
    found = []
    for seed in range(SCENES):
        setting = Setting(seed=seed, split=split, size=64, world=world)
        record = maker(setting, np.random.default_rng(seed))
        if record is not None:
            found.append((still_view(setting), record))
    assert found
    return found


def named(view, text):
    """The things that have every attribute that a name tells."""
    words = text.split()
    values = [{str(getattr(thing, kind)) for kind in ATTRIBUTES} for thing in view.scene.things]
    return [place for place, told in enumerate(values) if set(words) - {"thing", "the"} <= told]


@cases
def test_classes_are_all_things_of_a_name(split, world):
    for view, record in records(augmented.segment_many_record, split, world):
        for name, mask in zip(record["names"], record["masks"], strict=True):
            assert (mask == np.isin(view.frame.ids, named(view, name))).all()
            assert mask.any()


@cases
def test_a_class_inside_a_box(split, world):
    for view, record in records(augmented.segment_in_box_record, split, world):
        top, left, bottom, right = record["box"].astype(int)
        inside = np.zeros_like(record["mask"])
        inside[top:bottom, left:right] = True
        assert (record["mask"] == (np.isin(view.frame.ids, named(view, record["name"])) & inside)).all()


@cases
def test_boxes_are_those_of_the_things_meant(split, world):
    for view, record in records(augmented.refer_many_record, split, world):
        boxes = view.frame.boxes() * 64
        own = [view.sight.seen[place].index for place in range(len(view.sight))]
        for expression, box in zip(record["expressions"], record["boxes"], strict=True):
            assert any(np.array_equal(boxes[index], box) for index in own), expression
        assert len({tuple(box) for box in record["boxes"]}) == len(record["boxes"]) >= 2
    for view, record in records(augmented.box_property_record, split, world):
        assert any(np.allclose(box, record["box"]) for box in view.frame.boxes() * 64)


@cases
def test_every_relation_is_plainly_true_and_none_is_left_out(split, world):
    for view, record in records(augmented.relations_record, split, world):
        seen = view.sight.seen
        (mine,) = [one for one in seen if one.index in named(view, record["name"])]
        told = set(record["relations"])
        for statement in told:
            relation, _, name = statement.partition(" the ")
            (other,) = [one for one in seen if one.index in named(view, name)]
            if relation in ("on", "in"):
                assert view.sight.carriers[mine.index] == other.index
            else:
                assert holds(mine, relation, other) is True
        assert told == set(augmented.relations_of(view, mine))
        assert len(told) == len(record["relations"])


@cases
def test_captions_keep_their_bounds(split, world):
    for _, record in records(augmented.bounded_caption_record, split, world):
        assert keeps_bound(record["caption"], record["bound"])


@cases
def test_normals_at_points_are_the_simulators(split, world):
    for view, record in records(augmented.normal_at_record, split, world):
        y, x = record["point"].astype(int)
        assert record["normal"] == pytest.approx(view.frame.normals[y, x], abs=1e-3)
        assert np.linalg.norm(record["normal"]) == pytest.approx(1)


@cases
def test_texts_are_cut_in_two(split, world):
    for _, record in records(augmented.continue_text_record, split, world):
        assert record["text"].strip()
        assert record["continuation"].endswith(".")
