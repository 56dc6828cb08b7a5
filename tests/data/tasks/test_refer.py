import numpy as np
import pytest


@pytest.fixture
def made(wide, answers):
    record = {"image": wide, "expression": "the red ball", "box": np.array([4.0, 10.0, 16.0, 30.0])}
    return answers("refer", record)


def test_the_box_comes_back(made):
    assert np.abs(made.parsed_truth.boxes - [4.0, 10.0, 16.0, 30.0]).max() < 0.1
    assert made.perfect["iou_50"] == 1.0
    assert made.perfect["iou"] > 0.97


def test_a_box_elsewhere_or_none_scores_nothing(made):
    corner = " ".join(f"<extra_id_{200 + place}>" for place in (260, 0, 300, 50))
    assert made.score(text=corner) == {"iou_50": 0.0, "iou": 0.0}
    assert made.score(text="<extra_id_300> <extra_id_300>") == {"iou_50": 0.0, "iou": 0.0}
