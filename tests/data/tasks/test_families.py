"""Families of the released models, by one small record each: the truth comes back and scores best."""

import math

import numpy as np
import pytest

from tests.data.tasks.conftest import picture
from unio.data.tasks import task
from unio.data.tasks.cuboid_tokens import Cuboid
from unio.data.tasks.keypoints import PARTS
from unio.schema import Waveform

WIDE, OTHER = picture(seed=1), picture(seed=2)
BOX = np.array([4.0, 10.0, 16.0, 30.0])
MASK = np.zeros((20, 40), bool)
MASK[4:16, 10:30] = True
SOUND = Waveform(samples=np.full(1600, 0.25, np.float32), rate=16000)
VIDEO = {"image_history": (OTHER, OTHER), "image": WIDE, "audio": SOUND}
PAIR = {"image_history": (OTHER,), "image": WIDE}
TOLD = {"caption": "a red ball", "facts": ("red", "ball"), "words": ("red", "blue", "ball", "box")}
POINTS = np.stack([np.linspace(5, 15, 17), np.linspace(11, 29, 17)], axis=1)
NORMALS = np.zeros((20, 40, 3), np.float32)
NORMALS[:, :20] = (0.0, 0.8, 0.6)
FLOW = np.zeros((20, 40, 2), np.float32)
FLOW[5:10, 5:20] = (2.0, -6.0)
TURN = np.array([[math.cos(0.4), 0, math.sin(0.4)], [0, 1, 0], [-math.sin(0.4), 0, math.cos(0.4)]])
CUBOID = Cuboid(centre=np.array([0.1, 0.05, 1.5]), size=np.array([0.3, 0.2, 0.4]), rotation=TURN)

RECORDS = {
    "classify": {"image": WIDE, "options": ("cat", "dog"), "label": "dog"},
    "choose": {"question": "Which?", "options": ("a", "b"), "label": "b"},
    "localise": {"image": WIDE, "name": "ball", "boxes": [BOX, [0.0, 0.0, 4.0, 4.0]]},
    "region_caption": {"image": WIDE, "box": BOX, **TOLD},
    "segment_box": {"image": WIDE, "box": BOX, "mask": MASK},
    "segment_refer": {"image": WIDE, "expression": "the ball", "mask": MASK},
    "keypoints": {"image": WIDE, "box": BOX, "points": POINTS, "known": np.arange(17) != 3},
    "point": {"image": WIDE, "expression": "the ball", "point": (8.0, 20.0), "mask": MASK},
    "cuboid": {"image": WIDE, "expression": "the box", "cuboid": CUBOID, "focal": 40.0},
    "view_synthesis": {"image": WIDE, "pose": (-0.1, 0.6, 0.1), "picture": OTHER},
    "inpaint": {"image": WIDE, "box": BOX, "description": "a ball"},
    "controllable_image": {"image": OTHER, "control": "depth", "description": "a ball", "picture": WIDE},
    "video_caption": {**VIDEO, **TOLD},
    "video_vqa": {**VIDEO, "question": "Which way?", "answer": "left"},
    "video_class": {**VIDEO, "label": "rolling"},
    "video_sound": {**VIDEO, "sound": SOUND, "label": "metal", "judge": lambda sound: "metal"},
    "track": {**VIDEO, "first_box": BOX, "box": BOX + 2},
    "navigate": {"image": WIDE, "instruction": "go to the ball", "action": "left"},
    "pick_place": {
        "image": WIDE,
        "instruction": "move the ball",
        "steps": [[4, 5, 0.5, 10, 30, 1.5], [1, 2, 0, 3, 4, 0]],
    },
    "manipulate": {
        "image": WIDE,
        "instruction": "grip the ball",
        "action": (3.0, -12.0, 0.0, 0.1, -0.2, 0.0, 1.0),
    },
    "goal_image": {"image": WIDE, "instruction": "move the ball", "picture": OTHER},
    "instruct": {"instruction": "Name a fruit.", "response": "An apple."},
    "image_pair_difference": {**PAIR, **TOLD},
    "image_pair_vqa": {**PAIR, "question": "Both?", "answer": "yes"},
    "transcribe": {"audio": SOUND, "transcript": "put the ball away"},
    "speak": {"transcript": "put it away", "sound": SOUND, "judge": lambda sound: "put it away"},
    "optical_flow": {**PAIR, "flow": FLOW},
    "action_localise": {**VIDEO, "boxes": [BOX, [0.0, 0.0, 4.0, 4.0]], "labels": ("rolling", "falling")},
    "sound_localise": {**VIDEO, "box": BOX},
    "count_hits": {"audio": SOUND, "count": 3},
    "robot_vqa": {**VIDEO, "question": "What did it move?", "answer": "red ball", "kind": "moved"},
    "next_state": {"image": WIDE, "instruction": "push the ball", "name": "red ball", "box": BOX},
    "continue_text": {"text": "The ball rolls", "continuation": "over the floor and away."},
    "segment_many": {"image": WIDE, "names": ("ball", "box"), "masks": [MASK, ~MASK]},
    "segment_in_box": {"image": WIDE, "box": BOX, "name": "ball", "mask": MASK},
    "box_property": {"image": WIDE, "expression": "the ball", "property": "left half", "box": BOX},
    "refer_many": {
        "image": WIDE,
        "expressions": ("the ball", "the box"),
        "boxes": [BOX, [0.0, 0.0, 4.0, 4.0]],
    },
    "relations": {"image": WIDE, "name": "ball", "relations": ("left of the box", "behind the cone")},
    "bounded_caption": {"image": WIDE, "caption": "a red ball", "bound": "at most 3 words"},
    "normal_axes": {"image": WIDE, "normals": NORMALS, "axes": "z, x, y"},
    "normal_at": {"image": WIDE, "point": (8.0, 20.0), "normal": (0.0, 0.8, 0.6)},
}
IMAGE_FAMILIES = ("view_synthesis", "goal_image", "inpaint", "controllable_image", "optical_flow")


@pytest.mark.parametrize("name", RECORDS)
def test_the_truth_comes_back_and_scores_best(name, answers):
    made = answers(name, RECORDS[name])
    assert made.perfect[task(name).metric] == pytest.approx(1.0, abs=0.03)
    assert made.example.prompt.startswith(f"[{task(name).output.value.capitalize()}] [S] ")
    assert "{" not in made.example.prompt


@pytest.mark.parametrize("name", [name for name in RECORDS if task(name).output.value == "text"])
def test_an_answer_is_read_without_its_pieces(name, answers):
    read = answers(name, RECORDS[name]).parsed_truth.describe()
    assert read
    assert "<extra_id" not in read


@pytest.mark.parametrize("name", [name for name in RECORDS if task(name).output.value == "text"])
def test_an_answer_that_says_nothing_scores_nothing(name, answers):
    metric = task(name).metric
    assert answers(name, RECORDS[name]).score(text="")[metric] == pytest.approx(0.0, abs=1e-6)
    assert answers(name, RECORDS[name]).score(text="<extra_id_300> what")[metric] < 0.5


@pytest.mark.parametrize("name", ["view_synthesis", "goal_image", "optical_flow"])
def test_a_copy_of_the_picture_scores_little(name, answers):
    made = answers(name, RECORDS[name])
    square = np.pad(WIDE, ((10, 10), (0, 0), (0, 0)))
    assert made.score(image=square)[task(name).metric] < 0.5


def test_videos_name_their_frames_and_sounds_in_the_prompt(answers):
    record = {**RECORDS["video_class"], "audio_history": (SOUND,)}
    example = answers("video_class", record).example
    assert example.prompt.endswith(
        "<image_history_1> <image_history_2> <image_input> <audio_history_1> <audio_input>"
    )
    silent = answers("video_sound", RECORDS["video_sound"]).example
    assert silent.prompt.endswith("<image_input>")
    assert silent.audio is None


def test_choices_are_offered_and_told_where_they_should_be(answers):
    offered = answers("classify", RECORDS["classify"]).example
    assert offered.choices == ("cat", "dog")
    assert "cat" not in offered.prompt
    assert "a, b" in answers("choose", RECORDS["choose"]).example.prompt


def test_nothing_to_localise_is_none(answers):
    made = answers("localise", {**RECORDS["localise"], "boxes": np.zeros((0, 4))})
    assert made.example.target_text == "none"
    assert made.perfect == {"f1": 1.0, "count_right": 1.0}


def test_unknown_body_parts_are_left_out_and_the_form_names_all(answers):
    made = answers("keypoints", RECORDS["keypoints"])
    assert PARTS[3] not in made.example.target_text
    assert made.parsed_truth.labels == tuple(part for part in PARTS if part != PARTS[3])
    assert task("keypoints").decoding.form.count("<extra_id_200> <extra_id_200> ") == 17
    assert made.score(text="<extra_id_300> <extra_id_300> nose")["oks"] < 0.1


def test_a_hole_hides_the_box_and_leaves_the_rest(answers):
    made = answers("inpaint", RECORDS["inpaint"])
    assert (made.example.image[4:16, 10:30] == 128).all()
    answer = made.parse(image=np.zeros((40, 40, 3), np.uint8)).image
    assert (answer[4:16, 10:30] == 0).all()
    assert (answer[~MASK] == WIDE[~MASK]).all()


def test_a_hole_in_the_colour_around_it_is_not_filled(answers):
    room = np.full((48, 48, 3), 200, np.uint8)
    room[15:27, 18:30] = (200, 40, 40)
    made = answers("inpaint", {"image": room, "box": np.array([12.0, 15, 30, 33]), "description": "a ball"})
    assert made.perfect["filled"] == 1.0
    plain = np.full((48, 48, 3), 200, np.uint8)
    assert made.score(image=plain)["filled"] == 0.0
    half = plain.copy()
    half[15:21, 18:30] = (200, 40, 40)
    assert made.score(image=half)["filled"] == 0.5


def test_a_cuboid_comes_back_to_the_rounding_of_its_tokens(answers):
    made = answers("cuboid", RECORDS["cuboid"])
    found = made.parsed_truth.pose
    assert found[:3] == pytest.approx(CUBOID.centre, abs=0.02)
    assert found[3:6] == pytest.approx(CUBOID.size, rel=0.02)
    assert found[6:].reshape(3, 3) == pytest.approx(TURN, abs=0.01)
    assert made.parsed_truth.corners.shape == (1, 8, 2)
    assert made.perfect["iou"] > 0.9


def test_steps_and_moves_come_back(answers):
    steps = answers("pick_place", RECORDS["pick_place"]).parsed_truth.action
    assert steps == pytest.approx(np.array(RECORDS["pick_place"]["steps"]), abs=0.05)
    move = answers("manipulate", RECORDS["manipulate"]).parsed_truth.action[0]
    assert move == pytest.approx(RECORDS["manipulate"]["action"], abs=0.11)


def test_a_step_may_be_as_good_as_the_demonstrations(answers):
    record = {**RECORDS["navigate"], "succeeds": lambda step: step == "right"}
    made = answers("navigate", record)
    assert made.score(text="right")["accuracy"] == 1.0
    assert made.score(text="stop")["accuracy"] == 0.0


def test_flow_comes_back(answers):
    flow = answers("optical_flow", RECORDS["optical_flow"]).parsed_truth.flow
    assert np.abs(flow - FLOW).max() < 0.1


def test_who_acts_needs_the_right_deed(answers):
    made = answers("action_localise", RECORDS["action_localise"])
    assert set(made.parsed_truth.labels) == {"rolling", "falling"}
    wrong = made.score(text=made.example.target_text.replace("rolling", "lifting"))
    assert (wrong["f1"], wrong["box_f1"]) == (0.5, 1.0)


def test_hits_are_counted_by_the_first_number(answers):
    made = answers("count_hits", RECORDS["count_hits"])
    assert made.score(text="There are 3 hits, not 4.")["accuracy"] == 1.0
    assert made.score(text="4") == {"accuracy": 0.0, "near": 1.0}
    assert made.score(text="many") == {"accuracy": 0.0, "near": 0.0}


def test_a_state_is_named_beside_its_box(answers):
    made = answers("next_state", RECORDS["next_state"])
    assert made.example.target_text.endswith("red ball")
    assert made.perfect["named"] == 1.0
    assert made.score(text=made.example.target_text.replace("red", "blue"))["named"] == 0.0


def test_the_place_of_a_sound_may_be_unreadable(answers):
    assert answers("sound_localise", RECORDS["sound_localise"]).score(text="there") == {
        "iou_50": 0.0,
        "iou": 0.0,
    }
