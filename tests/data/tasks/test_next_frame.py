import numpy as np
import pytest


def frame(column):
    picture = np.full((16, 16, 3), 100, np.uint8)
    picture[6:10, 2 * column : 2 * column + 4] = 220
    return picture


def test_motion_is_what_a_copy_lacks(answers):
    record = {"image_history": (frame(0), frame(1)), "image": frame(2), "picture": frame(3)}
    made = answers("next_frame", record)
    assert made.example.prompt.endswith("<image_history_1> <image_history_2> <image_input>")
    assert made.perfect["motion"] == 1.0
    assert made.perfect["noise_gain"] > 10
    assert made.score(image=frame(2)) == pytest.approx({"motion": 0.0, "noise_gain": 0.0})
    assert made.score(image=np.full((16, 16, 3), 100, np.uint8))["motion"] == pytest.approx(1 / 3)
    assert made.score(image=np.full((16, 16, 3), 20, np.uint8))["motion"] == 0.0
