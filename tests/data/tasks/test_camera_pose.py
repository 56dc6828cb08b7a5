import math

import pytest


@pytest.fixture
def made(wide, answers):
    record = {"image_history": (wide,), "image": wide, "pose": (-0.2, 2.5, 0.1)}
    return answers("camera_pose", record)


def test_the_pose_comes_back(made):
    assert made.parsed_truth.pose == pytest.approx([-0.2, 2.5, 0.1], abs=0.01)
    assert made.perfect["within_15"] == 1.0
    assert made.example.prompt.endswith("<image_history_1> <image_input>")


def test_angles_are_compared_around_the_circle(wide, answers):
    record = {"image_history": (wide,), "image": wide, "pose": (0.0, math.pi - 0.01, 0.0)}
    beyond = answers("camera_pose", {**record, "pose": (0.0, -math.pi + 0.01, 0.0)})
    assert answers("camera_pose", record).score(text=beyond.example.target_text)["azimuth_error"] < 3


def test_both_angles_must_be_right(wide, answers, made):
    record = {"image_history": (wide,), "image": wide, "pose": (0.3, 2.5, 0.1)}
    scores = made.score(text=answers("camera_pose", record).example.target_text)
    assert scores["within_15"] == 0.0
    assert scores["elevation_error"] == pytest.approx(math.degrees(0.5), abs=0.5)
    assert scores["azimuth_error"] < 1


def test_what_cannot_be_read_is_no_move(made):
    assert made.parse(text="to the left").pose.tolist() == [0, 0, 0]
