import numpy as np
import pytest

from unio.data.tasks.depth import FAR, NEAR, depth_to_grey, grey_to_depth


def test_metres_survive_the_grey_levels():
    metres = np.geomspace(NEAR, FAR, 35, dtype=np.float32).reshape(5, 7)
    assert np.abs(grey_to_depth(depth_to_grey(metres)) / metres - 1).max() < 0.007


def test_ends_are_cut_and_the_unknown_is_far():
    grey = depth_to_grey(np.array([[0.1, 0.5, 10.0, 99.0, 0.0]]))
    assert grey[0, :, 0].tolist() == [0, 0, 255, 255, 255]


def test_scores_over_known_pixels(answers):
    picture = np.zeros((2, 2, 3), np.uint8)
    made = answers("depth", {"image": picture, "depth": np.array([[1.0, 2.0], [4.0, 0.0]])})
    perfect = made.perfect
    assert perfect["delta1"] == perfect["within_5"] == 1.0
    assert perfect["abs_rel"] < 0.01
    scores = made.score(image=depth_to_grey(np.array([[1.1, 3.0], [4.0, 9.0]])))
    assert scores["delta1"] == pytest.approx(2 / 3)
    assert scores["within_5"] == pytest.approx(1 / 3)
    assert scores["abs_rel"] == pytest.approx(0.2, abs=0.01)
