import numpy as np
import pytest

BOXES = np.array([[0.0, 0.0, 10.0, 10.0], [5.0, 20.0, 20.0, 40.0]])


@pytest.fixture
def made(wide, answers):
    return answers("detect", {"image": wide, "boxes": BOXES, "labels": ("red ball", "blue box")})


def test_boxes_come_back_in_pixels(made):
    found = made.parsed_truth
    order = [found.labels.index("red ball"), found.labels.index("blue box")]
    assert np.abs(found.boxes[order] - BOXES).max() < 0.1
    assert made.perfect == {"f1": 1.0, "box_f1": 1.0}


def test_the_order_is_drawn(wide, answers):
    record = {"image": wide, "boxes": BOXES, "labels": ("red ball", "blue box")}
    targets = {answers("detect", record, seed).example.target_text for seed in range(20)}
    assert len(targets) == 2


def test_a_wrong_name_counts_for_the_box_alone(made):
    text = made.example.target_text.replace("red ball", "red cone")
    assert made.score(text=text) == {"f1": 0.5, "box_f1": 1.0}


def test_doubles_and_broken_groups_are_dropped(made):
    text = made.example.target_text
    assert made.score(text=f"{text} {text}")["f1"] == 1.0
    assert made.parse(text="<extra_id_300> <extra_id_400> red ball").boxes.shape == (0, 4)


def test_no_answer_scores_nothing(made):
    assert made.score(text="no idea") == {"f1": 0.0, "box_f1": 0.0}
