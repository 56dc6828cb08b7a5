"""Every name, box, mask, keypoint, cuboid, map and flow of the still families against the simulator's state.

Ten scenes of each split; the long form, with 200, is `make truth`.
"""

import math
import os
import re

import numpy as np
import pytest

from tests.data.sources.playroom.motion_truth import box_fits
from unio.core import random_stream
from unio.data.sources.playroom import chosen, compared, moved_camera, pointed, posed, repainted, seen
from unio.data.sources.playroom.views import Setting, still_view
from unio.data.tasks.keypoints import PARTS
from unio.playroom import Camera, render, sample_full_scene
from unio.playroom.doll import KEYPOINTS
from unio.playroom.things import ALL_SHAPES, COLOURS, MATERIALS, SIZES, is_novel

SCENES = int(os.environ.get("UNIO_TRUTH_SCENES", "10"))
FIRST = int(os.environ.get("UNIO_TRUTH_FIRST", "0"))
SIZE = 64
SPLITS = ("train", "test", "novel")
WORDS = {
    **dict.fromkeys(SIZES, "size"),
    **dict.fromkeys(COLOURS, "colour"),
    **dict.fromkeys(MATERIALS, "material"),
    **dict.fromkeys(ALL_SHAPES, "shape"),
}


def settings(split, world="full"):
    for seed in range(FIRST, FIRST + SCENES):
        yield Setting(seed=seed, split=split, size=SIZE, world=world), np.random.default_rng(seed)


def check_split(things, split):
    held_out = [is_novel(thing.colour, thing.shape, thing.material) for thing in things]
    assert any(held_out) if split == "novel" else not any(held_out)


def said_of(text):
    """Attributes that a text tells, by their kind."""
    return {WORDS[word]: word for word in re.findall(r"\w+", text.lower()) if word in WORDS}


def fitting(scene, text):
    """Indices of the things for which all that a text says is true."""
    told = said_of(text).items()
    return [
        place
        for place, thing in enumerate(scene.things)
        if all(getattr(thing, kind) == word for kind, word in told)
    ]


def tight(mask):
    rows, columns = np.nonzero(mask)
    return [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]


@pytest.mark.parametrize("split", SPLITS)
def test_all_of_a_name_are_boxed(split):
    found = 0
    for setting, rng in settings(split):
        record = pointed.localise_record(setting, rng)
        if record is None:
            continue
        scene = still_view(setting).scene
        check_split(scene.things, split)
        ids = render(scene, size=SIZE).ids
        wanted = sorted(tight(ids == place) for place in fitting(scene, record["name"]))
        assert sorted(record["boxes"].round().astype(int).tolist()) == wanted
        found += 1
    assert found >= 0.7 * SCENES


@pytest.mark.parametrize("split", SPLITS)
def test_regions_masks_and_holes_are_of_what_is_told(split):
    for setting, rng in settings(split):
        scene = still_view(setting).scene
        ids = render(scene, size=SIZE).ids
        record = pointed.region_caption_record(setting, rng)
        assert set(said_of(record["caption"]).values()) == set(record["facts"])
        assert len(record["facts"]) == 4
        places = fitting(scene, record["caption"])
        assert record["box"].round().astype(int).tolist() in [tight(ids == place) for place in places]
        record = pointed.segment_box_record(setting, rng)
        assert tight(record["mask"]) == record["box"].round().astype(int).tolist()
        (index,) = np.unique(ids[record["mask"]])
        assert scene.things[index].shape == record["name"]
        assert (record["mask"] == (ids == index)).all()
        record = repainted.inpaint_record(setting, rng)
        if record is not None:
            top, left, bottom, right = record["box"].astype(int)
            hole = ids[top:bottom, left:right]
            wholly = [
                place
                for place in fitting(scene, record["description"])
                if (hole == place).sum() == (ids == place).sum()
            ]
            assert wholly
            assert max(((hole >= 0) & (hole != place)).mean() <= 0.05 for place in wholly)


@pytest.mark.parametrize("split", SPLITS)
def test_points_and_masks_of_expressions_lie_on_one_thing(split):
    for setting, rng in settings(split):
        scene = still_view(setting).scene
        ids = render(scene, size=SIZE).ids
        record = pointed.point_record(setting, rng)
        masked = seen.segment_record(setting, rng)
        if record is None or masked is None:
            continue
        y, x = record["point"].astype(int)
        assert record["mask"][y, x]
        for one in (record, masked):
            (index,) = np.unique(ids[one["mask"]])
            assert index >= 0
            assert ((ids == index) == one["mask"]).all()
            # The first noun, before any neighbour is named, is of the thing itself.
            noun = re.match(
                rf"the (?:leftmost |rightmost |nearest |farthest )?((?:\w+ )*?"
                rf"(?:thing|{'|'.join(ALL_SHAPES)}))\b",
                one["expression"],
            )
            assert noun is not None, one["expression"]
            assert index in fitting(scene, noun.group(1)), one["expression"]


@pytest.mark.parametrize("split", SPLITS)
def test_keypoints_are_the_doll_s(split):
    assert tuple(KEYPOINTS) == PARTS
    found = 0
    for setting, rng in settings(split):
        record = posed.keypoints_record(setting, rng)
        scene = sample_full_scene(setting.seed, split)
        if record is None:
            continue
        found += 1
        check_split(scene.things, split)
        (index,) = [place for place, thing in enumerate(scene.things) if thing.shape == "doll"]
        frame = render(scene, size=SIZE)
        assert box_fits(record["box"], scene, index, SIZE)
        camera = scene.camera
        breadth = max(np.subtract(*scene.things[index].bounds[::-1]))
        lengths = SIZE / (2 * math.tan(math.radians(camera.field_of_view) / 2))
        for point, known, place in zip(
            record["points"], record["known"], scene.things[index].keypoints(), strict=True
        ):
            right, up, back = camera.rotation.T @ (place - camera.position)
            expected = SIZE / 2 + lengths * up / back, SIZE / 2 - lengths * right / back
            assert point == pytest.approx(expected, abs=1e-6)
            row, column = (math.floor(one) for one in expected)
            inside = 0 <= row < SIZE and 0 <= column < SIZE
            assert known == (inside and frame.ids[row, column] == index)
            if known:  # what the picture shows there is another part of the doll at most
                assert abs(back + frame.depth[row, column]) < breadth
    assert found >= 1 or SCENES < 10


@pytest.mark.parametrize("split", SPLITS)
def test_cuboids_hold_what_is_seen_and_no_more(split):
    for setting, rng in settings(split):
        record = posed.cuboid_record(setting, rng)
        if record is None:
            continue
        scene = still_view(setting).scene
        frame = render(scene, size=SIZE)
        cuboid, camera = record["cuboid"], scene.camera
        assert np.linalg.det(cuboid.rotation) == pytest.approx(1)
        assert cuboid.rotation.T @ cuboid.rotation == pytest.approx(np.eye(3), abs=1e-9)
        rows, columns = np.nonzero(frame.ids >= 0)
        depth = frame.depth[rows, columns]
        across = (columns + 0.5 - SIZE / 2) / record["focal"] * depth
        down = (rows + 0.5 - SIZE / 2) / record["focal"] * depth
        points = np.stack([across, down, depth], axis=1)
        local = (points - cuboid.centre) @ cuboid.rotation
        # The simulator's bowl is 6 mm wider than the box that its thing tells.
        is_bowl = np.array([thing.shape == "bowl" for thing in scene.things])[frame.ids[rows, columns]]
        slack = np.where(is_bowl, 8e-3, 1e-3)[:, None]
        inside = np.all(np.abs(local) <= cuboid.size / 2 + slack, axis=1)
        matched = [
            place
            for place in range(len(scene.things))
            if (mine := frame.ids[rows, columns] == place).any() and inside[mine].all()
        ]
        sizes = [sorted(np.ptp(scene.things[place].bounds, axis=0)) for place in matched]
        assert any(sorted(cuboid.size) == pytest.approx(size) for size in sizes)
        assert np.linalg.norm(cuboid.centre) == pytest.approx(
            min(
                (
                    float(np.linalg.norm(scene.things[place].corners().mean(axis=0) - camera.position))
                    for place in matched
                ),
                key=lambda far: abs(far - np.linalg.norm(cuboid.centre)),
            )
        )


@pytest.mark.parametrize("split", SPLITS)
def test_new_views_are_seen_from_where_the_pose_leads(split):
    for setting, rng in settings(split):
        record = moved_camera.view_synthesis_record(setting, rng)
        if record is None:
            continue
        scene = still_view(setting).scene
        polar, azimuth, distance = record["pose"]
        camera = Camera(
            azimuth=scene.camera.azimuth + math.degrees(azimuth),
            elevation=scene.camera.elevation - math.degrees(polar),
            distance=scene.camera.distance + distance,
        )
        again = render(scene, size=SIZE, camera=camera).rgb.astype(int)
        assert np.abs(again - record["picture"]).mean() < 0.5
        assert (render(scene, size=SIZE).rgb == record["image"]).all()


@pytest.mark.parametrize("split", SPLITS)
def test_maps_are_of_the_picture(split):
    for setting, rng in settings(split):
        record = repainted.controllable_record(setting, rng)
        view = still_view(setting)
        assert (record["picture"] == view.frame.rgb).all()
        told, there = said_of(record["description"]), view.scene.things
        assert all(any(getattr(thing, kind) == word for thing in there) for kind, word in told.items())
        ids = view.frame.ids
        depth = repainted.control_map(view, "depth")[..., 0].astype(int)
        order = np.argsort(view.frame.depth[ids != -2])
        assert (np.diff(depth[ids != -2][order]) <= 0).all()
        normals = repainted.control_map(view, "normals") / 127.5 - 1
        assert np.abs(normals - view.frame.normals)[ids != -2].max() < 0.01
        edges = repainted.control_map(view, "edges")[..., 0] > 0
        assert edges[:, :-1][ids[:, :-1] != ids[:, 1:]].all()
        assert not edges[:-1, :-1][(ids[:-1, :-1] == -1) & (ids[1:, :-1] == -1) & (ids[:-1, 1:] == -1)].any()
        boxes = repainted.control_map(view, "boxes")[..., 0] > 0
        for one in view.sight.seen:
            top, left, bottom, right = tight(ids == one.index)
            assert boxes[top:bottom, left].all()
            assert boxes[bottom - 1, left:right].all()


@pytest.mark.parametrize("split", SPLITS)
def test_differences_are_between_the_pictures(split):
    for setting, rng in settings(split):
        record = compared.difference_record(setting, rng)
        if record is None:
            continue
        scene = still_view(setting).scene
        said = [word for word in re.findall(r"\w+", record["caption"].lower()) if word in record["words"]]
        assert set(said) == set(record["facts"])
        colour, shape, value = record["facts"]
        (index,) = fitting(scene, f"{colour} {shape}")
        one = still_view(setting).frame.ids == index
        first, second = record["image_history"][0].astype(int), record["image"].astype(int)
        known, changed = (second, first) if value == "new" else (first, second)
        assert (known == still_view(setting).frame.rgb).all()
        assert np.abs(changed - known).max(axis=2)[one].mean() > 2
        if value not in ("gone", "new"):
            assert getattr(scene.things[index], WORDS[value]) != value


@pytest.mark.parametrize("split", SPLITS)
def test_questions_about_two_pictures_are_answered_truly(split):
    for setting, rng in settings(split):
        record = compared.pair_question_record(setting, rng)
        if record is None:
            continue
        seed = int(random_stream(setting.seed, "playroom", "pair", split).integers(2**62))
        scenes = [sample_full_scene(one, split) for one in (setting.seed, seed)]
        pictures = (record["image_history"][0], record["image"])
        for scene, picture in zip(scenes, pictures, strict=True):
            assert (render(scene, size=SIZE).rgb == picture).all()
            check_split(scene.things, split)
        if record["kind"] == "more":
            more = len(scenes[0].things) > len(scenes[1].things)
            assert record["answer"] == ("first" if more else "second")
            continue
        has = [bool(fitting(scene, record["question"])) for scene in scenes]
        assert len(said_of(record["question"])) == 1
        if record["kind"] == "both":
            assert record["answer"] == ("yes" if all(has) else "no")
        else:
            assert has == [record["answer"] == "first", record["answer"] == "second"]


@pytest.mark.parametrize("split", SPLITS)
def test_flow_leads_back_to_where_things_were(split):
    for setting, rng in settings(split):
        record = compared.flow_record(setting, rng)
        if record is None:
            continue
        states = compared._rolling(setting).scenes
        pictures = [render(scene, size=SIZE) for scene in states]
        place = next(
            place
            for place in range(len(states) - 1)
            if (pictures[place].rgb == record["image_history"][0]).all()
            and (pictures[place + 1].rgb == record["image"]).all()
        )
        before, after, frame = states[place], states[place + 1], pictures[place + 1]
        rows, columns = np.nonzero(frame.ids == -1)
        assert np.abs(record["flow"][rows, columns]).max() < 1e-3
        for index, (then, now) in enumerate(zip(before.things, after.things, strict=True)):
            rows, columns = np.nonzero(frame.ids == index)
            if not len(rows) or now.shape == "doll":
                continue
            centres = np.stack([rows + 0.5, columns + 0.5], axis=1) / SIZE
            depth = frame.depth[rows, columns, None]
            points = after.camera.position + after.camera.rays(centres) * depth
            local = (points - now.position) @ now.rotation_matrix
            earlier = then.position + local @ then.rotation_matrix.T
            moved = (centres - before.camera.project(earlier).points) * SIZE
            assert np.abs(record["flow"][rows, columns] - moved).max() < 0.05


@pytest.mark.parametrize("split", SPLITS)
def test_answers_to_choose_from_hold_the_right_one_once(split):
    for setting, rng in settings(split):
        record = chosen.classify_record(setting, rng)
        scene = sample_full_scene(setting.seed, split, count=(1, 1))
        assert (render(scene, size=SIZE).rgb == record["image"]).all()
        assert record["label"] == scene.things[0].shape
        assert record["options"].count(record["label"]) == 1
        check_split(scene.things, split)
        record = chosen.choose_record(setting, rng)
        if record is not None:
            assert record["options"].count(record["label"]) == 1
            assert 2 <= len(set(record["options"])) == len(record["options"]) <= 4


def test_choices_are_answers_of_true_questions():
    setting = Setting(seed=2, split="test", size=SIZE)
    for seed in range(20):
        chosen_one = chosen.choose_record(setting, np.random.default_rng(seed))
        asked = seen.vqa_record(setting, np.random.default_rng(seed))
        assert chosen_one is None or asked is not None
        if chosen_one is not None:
            assert (chosen_one["question"], chosen_one["label"]) == (asked["question"], asked["answer"])


ENDS = {
    "furthest to the left": "left of",
    "furthest to the right": "right of",
    **{f"the {word}est": f"{word}er than" for word in ("light", "low", "high", "slow", "fast")},
    "the heaviest": "heavier than",
}
BACK = {
    "left of": "right of",
    "lighter than": "heavier than",
    "lower than": "higher than",
    "slower than": "faster than",
}
BACK |= {there: here for here, there in BACK.items()}


@pytest.mark.parametrize("split", SPLITS)
def test_riddles_have_one_answer(split):
    for setting, rng in settings(split):
        record = chosen.riddle_record(setting, rng)
        *told, asked = re.findall(r"[^.?]+[.?]", record["instruction"])
        relation = next(words for end, words in ENDS.items() if end in asked)
        beats = set()
        for sentence in told:
            first, words, second = re.match(
                r"\s*[Tt]he (.+) is ((?:\w+ of|\w+ than)) the (.+)\.", sentence
            ).groups()
            beats.add((first, second) if words == relation else (second, first))
            assert words in (relation, BACK[relation])
        things = {thing for pair in beats for thing in pair}
        losers = {second for _, second in beats}
        assert things - losers == {record["response"]}
        assert len(things) == len(told) + 1
        for thing in things:
            colour, material, shape = thing.split()
            assert is_novel(colour, shape, material) == (split == "novel")
