import numpy as np
import pytest

from unio.data.tasks.scoring.boxes import box_overlaps, distinct_boxes, matched_f1

A, B, HALF = [0, 0, 2, 2], [4, 4, 6, 8], [0, 0, 2, 1]


def boxes(*rows):
    return np.array(rows, np.float64).reshape(-1, 4)


def test_overlaps():
    assert box_overlaps(boxes(A, B), boxes(A, HALF)).tolist() == [[1.0, 0.5], [0.0, 0.0]]


def test_empty_boxes_overlap_nothing():
    assert box_overlaps(boxes([1, 1, 1, 1]), boxes([1, 1, 1, 1])).tolist() == [[0.0]]


def test_doubles_go_but_other_labels_stay():
    assert distinct_boxes(boxes(A, A, B, A), ["x", "x", "x", "y"]) == [0, 2, 3]


@pytest.mark.parametrize(
    ("found", "labels", "score"),
    [
        ((A, B), ("x", "y"), 1.0),
        ((B, A), ("y", "x"), 1.0),
        ((A, B), ("y", "x"), 0.0),
        ((A,), ("x",), 2 / 3),
        ((HALF, B), ("x", "y"), 1.0),
        ((A, A, B), ("x", "x", "y"), 0.8),
        ((), (), 0.0),
    ],
)
def test_f1(found, labels, score):
    wanted = boxes(A, B)
    assert matched_f1(boxes(*found), wanted, found_labels=labels, wanted_labels=("x", "y")) == pytest.approx(
        score
    )


def test_nothing_wanted_and_nothing_found_is_perfect():
    assert matched_f1(boxes(), boxes(), found_labels=(), wanted_labels=()) == 1.0
