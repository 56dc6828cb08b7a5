import numpy as np
import pytest

ACTION = np.array([4.0, 10.0, 16.0, 30.0])


def record(wide, **more):
    return {"image": wide, "instruction": "push the ball", "action": ACTION, **more}


def test_the_push_comes_back_in_pixels(wide, answers):
    made = answers("act", record(wide))
    assert np.abs(made.parsed_truth.action - ACTION).max() < 0.1
    assert made.perfect == pytest.approx(
        {"success": 1.0, "near": 1.0, "start_error": 0.0, "end_error": 0.0}, abs=0.01
    )


def test_success_is_what_the_world_says(wide, answers):
    tried = []

    def succeeds(action):
        tried.append(action)
        return False

    made = answers("act", record(wide, succeeds=succeeds))
    assert made.perfect["success"] == 0.0
    assert made.perfect["near"] == 1.0
    assert np.abs(tried[-1] - ACTION).max() < 0.1


def test_a_push_elsewhere_is_not_near(wide, answers):
    far = answers("act", {**record(wide), "action": np.array([4.0, 10.0, 16.0, 12.0])})
    scores = answers("act", record(wide)).score(text=far.example.target_text)
    assert (scores["success"], scores["near"]) == (0.0, 0.0)
    assert scores["end_error"] == pytest.approx(18 / 40, abs=0.01)


def test_no_push_is_no_success(wide, answers):
    made = answers("act", record(wide))
    assert made.parse(text="left").action.shape == (0, 4)
    assert made.score(text="left")["success"] == 0.0
