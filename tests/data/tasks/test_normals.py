import numpy as np
import pytest

UP, OUT, RIGHT, NONE = [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0]


def record(**more):
    picture = np.zeros((2, 2, 3), np.uint8)
    return {"image": picture, "normals": np.array([[UP, UP], [OUT, NONE]], np.float32), **more}


def test_normals_survive_as_rgb(answers):
    made = answers("normals", record())
    assert made.example.target_image[0, 0].tolist() == [128, 255, 128]
    assert made.perfect["median_angle"] < 0.5
    assert made.perfect["within_11"] == 1.0
    assert np.abs(np.linalg.norm(made.parsed_truth.normals, axis=2) - 1).max() < 1e-5


def test_angles_are_taken_where_there_is_a_surface(answers):
    other = answers("normals", {**record(), "normals": np.array([[RIGHT, UP], [OUT, UP]], np.float32)})
    scores = answers("normals", record()).score(image=other.example.target_image)
    assert scores["median_angle"] < 1
    assert scores["within_22"] == pytest.approx(2 / 3)


def test_the_focus_is_scored_apart(answers):
    made = answers("normals", record(focus=np.array([[True, False], [False, False]])))
    other = answers("normals", {**record(), "normals": np.array([[RIGHT, UP], [OUT, UP]], np.float32)})
    assert made.score(image=other.example.target_image)["focus_median_angle"] == pytest.approx(90, abs=1)


def test_grey_has_no_direction_and_faces_the_camera(answers):
    grey = np.full((2, 2, 3), 128, np.uint8)
    assert answers("normals", record()).parse(image=grey).normals[0, 0].tolist() == OUT
