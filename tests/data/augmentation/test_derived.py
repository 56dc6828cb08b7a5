"""What follows from real data sets' records, checked against the records it follows from."""

import json
from collections import Counter

import numpy as np
import pytest

from unio.core import InputError
from unio.data.augmentation import DERIVED, with_derived
from unio.data.augmentation.boxes import one_of_detected, refer_many_fields
from unio.data.augmentation.captions import bounded_caption_fields
from unio.data.augmentation.masks import segment_in_box_fields
from unio.data.augmentation.surfaces import normal_at_fields
from unio.data.mixture_file import MixtureFile
from unio.data.sources.builder import Builder
from unio.data.sources.reader import Reader, Shelf
from unio.data.tasks import TASKS
from unio.data.tasks.bounded_caption import keeps_bound
from unio.media import encode_image

PICTURE = np.zeros((20, 30, 3), np.uint8)
LABELS = ("cat", "dog", "cat")
BOXES = np.array([[0.0, 0, 5, 5], [2, 2, 12, 12], [5, 5, 15, 25]])
MASKS = {"cat": np.zeros((20, 30), bool), "dog": np.zeros((20, 30), bool)}
MASKS["cat"][0:10, 0:10] = True
MASKS["dog"][12:18, 5:25] = True
NORMALS = np.zeros((20, 30, 3), np.float32)
NORMALS[5:15] = (0, 0.8, 0.6)


def shelf(record):
    return Shelf(entries=[0, 1], record=lambda entry, rng: record(rng), place=str)


def reader(**records):
    return Reader(name="small", shelves={task: shelf(record) for task, record in records.items()})


def segment(rng):
    name = ("cat", "dog")[int(rng.integers(2))]
    return {"image": PICTURE, "expression": name, "mask": MASKS[name]}


def detect(rng):
    return {"image": PICTURE, "boxes": BOXES, "labels": LABELS}


def made(derived, task, seed):
    return derived.record(task, 0, np.random.default_rng(seed))


BASES = {
    "segment": segment,
    "detect": detect,
    "caption": lambda rng: {"image": PICTURE, "caption": "A small dog looks at two cats."},
    "normals": lambda rng: {"image": PICTURE, "normals": NORMALS},
    "region_class": lambda rng: {"image": PICTURE, "box": BOXES[0], "label": "cat"},
}


def test_every_derived_family_is_there_and_makes_examples():
    derived = with_derived(reader(**BASES))
    assert set(DERIVED) <= set(derived.tasks)
    for task in DERIVED:
        for seed in range(5):
            example = TASKS.get(task).example(made(derived, task, seed), np.random.default_rng(0))
            assert (example.target_text is None) != (example.target_image is None)


def test_nothing_follows_from_nothing_and_what_is_there_stays():
    assert with_derived(reader(vqa=detect)).tasks == ("vqa",)
    own = reader(caption=BASES["caption"], bounded_caption=lambda rng: {"own": True})
    assert made(with_derived(own), "bounded_caption", 0) == {"own": True}


def test_several_classes_are_those_of_the_picture():
    derived, seen = with_derived(reader(segment=segment)), Counter()
    for seed in range(30):
        record = made(derived, "segment_many", seed)
        seen[len(record["names"])] += 1
        for name, mask in zip(record["names"], record["masks"], strict=True):
            assert (mask == MASKS[name]).all()
    assert set(seen) == {1, 2}


def test_a_box_cuts_a_class():
    cuts = 0
    for seed in range(40):
        record = segment_in_box_fields(segment(np.random.default_rng(seed)), np.random.default_rng(seed))
        top, left, bottom, right = record["box"].astype(int)
        inside = np.zeros((20, 30), bool)
        inside[top:bottom, left:right] = True
        assert (record["mask"] == (MASKS[record["name"]] & inside)).all()
        assert record["mask"].any()
        cuts += (record["mask"] != MASKS[record["name"]]).any()
    assert cuts > 20
    with pytest.raises(InputError, match="an empty mask"):
        segment_in_box_fields({"image": PICTURE, "expression": "x", "mask": MASKS["cat"] & False}, None)


def test_a_thing_is_named_so_that_it_is_meant_alone():
    one = one_of_detected(detect(None), np.random.default_rng(0))
    assert (one["expression"], one["box"].tolist()) == ("the dog", BOXES[1].tolist())
    cats = {"image": PICTURE, "boxes": BOXES[[0, 2]], "labels": ("cat", "cat")}
    largest = one_of_detected(cats, np.random.default_rng(0))
    assert (largest["expression"], largest["box"].tolist()) == ("the largest cat", BOXES[2].tolist())
    with pytest.raises(InputError, match="no thing with a name of its own: got cat, cat"):
        refer_many_fields(cats, np.random.default_rng(0))
    with pytest.raises(InputError, match="a picture without things: got 0 boxes, 0 names"):
        refer_many_fields({"image": PICTURE, "boxes": [], "labels": ()}, np.random.default_rng(0))


def test_several_expressions_keep_their_boxes():
    labels = ("cat", "dog", "bird")
    for seed in range(20):
        record = refer_many_fields(
            {"image": PICTURE, "boxes": BOXES, "labels": labels}, np.random.default_rng(seed)
        )
        for expression, box in zip(record["expressions"], record["boxes"], strict=True):
            assert box.tolist() == BOXES[labels.index(expression.removeprefix("the "))].tolist()
        assert len(set(record["expressions"])) == len(record["expressions"]) <= 3


def test_a_caption_keeps_each_bound_it_is_given():
    kinds = Counter()
    for seed in range(60):
        record = bounded_caption_fields(BASES["caption"](None), np.random.default_rng(seed))
        assert keeps_bound(record["caption"], record["bound"])
        kinds[record["bound"].split()[0]] += 1
    assert set(kinds) == {"at", "with", "beginning"}
    with pytest.raises(InputError, match="a caption without words"):
        bounded_caption_fields({"caption": " .."}, np.random.default_rng(0))


def test_a_point_lies_on_a_surface_and_has_its_normal():
    for seed in range(20):
        record = normal_at_fields({"image": PICTURE, "normals": NORMALS * 0.9}, np.random.default_rng(seed))
        assert 5 <= record["point"][0] < 15
        assert record["normal"] == pytest.approx((0, 0.8, 0.6))
    with pytest.raises(InputError, match="a picture without surface"):
        normal_at_fields({"image": PICTURE, "normals": NORMALS * 0}, np.random.default_rng(0))


def test_a_point_of_a_mask_is_on_it_and_a_hole_is_called_what_was_there():
    derived = with_derived(reader(segment=segment, region_class=BASES["region_class"]))
    record = made(derived, "point", 3)
    y, x = record["point"].astype(int)
    assert MASKS[record["expression"]][y, x]
    assert made(derived, "inpaint", 0)["description"] == "cat"


def test_builders_offer_what_follows_and_mixtures_of_all_do_not_take_it(tmp_path):
    (tmp_path / "a.png").write_bytes(encode_image(PICTURE, suffix=".png"))
    (tmp_path / "a.jsonl").write_text(json.dumps({"image": "a.png", "caption": "a red ball"}))
    facts = {"name": "mine", "title": "mine", "licence": "mine", "get": "here", "folder": "a.jsonl"}
    table = {
        "kind": "table",
        "files": ["a.jsonl"],
        "tasks": {"caption": {"image": "image", "caption": "caption"}},
    }
    opened = Builder.model_validate({**facts, "reader": table}).open(tmp_path)
    assert set(opened.tasks) == {"caption", "bounded_caption"}
    offers = {"mine": {task: opened.count(task) for task in opened.tasks}}
    parts = {"all": {"rate": 1, "data": ["mine"]}}
    file = MixtureFile.model_validate({"title": "t", "groups": {"g": {"parts": parts}}})
    assert [entry.name for entry in file.weigh(offers).entries] == ["mine/caption"]
