"""Boxes as rows y1 x1 y2 x2: overlap, removal of doubles, matching."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

__all__ = ["box_overlaps", "distinct_boxes", "matched_f1"]


def box_overlaps(
    first: Float[np.ndarray, "first 4"], second: Float[np.ndarray, "second 4"]
) -> Float[np.ndarray, "first second"]:
    """Intersection over union of every box with every box; 0 where both are empty."""
    lows = np.maximum(first[:, None, :2], second[None, :, :2])
    highs = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.maximum(highs - lows, 0), axis=2)
    areas = [np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return np.where(union > 0, shared / np.maximum(union, 1e-12), 0.0)


def distinct_boxes(
    boxes: Float[np.ndarray, "count 4"], labels: Sequence[str], *, threshold: float = 0.8
) -> list[int]:
    """Rows to keep: a box that overlaps an earlier one of the same label above ``threshold`` goes.

    Spec section 14 removes doubles at 0.8.
    """
    overlaps = box_overlaps(boxes, boxes)
    kept: list[int] = []
    for row in range(len(boxes)):
        if all(overlaps[row, other] <= threshold or labels[row] != labels[other] for other in kept):
            kept.append(row)
    return kept


def matched_f1(
    found: Float[np.ndarray, "found 4"],
    wanted: Float[np.ndarray, "wanted 4"],
    *,
    found_labels: Sequence[str],
    wanted_labels: Sequence[str],
    threshold: float = 0.5,
) -> float:
    """F1 of found boxes against the true ones, matched best overlap first, each at most once.

    A match needs an overlap of ``threshold`` and the same label. Nothing found where nothing is wanted
    is perfect.
    """
    if len(found) == 0 and len(wanted) == 0:
        return 1.0
    same = np.array([[mine == theirs for theirs in wanted_labels] for mine in found_labels], dtype=bool)
    overlaps = box_overlaps(found, wanted) * same.reshape(len(found), len(wanted))
    matches = 0
    while overlaps.size and overlaps.max() >= threshold:
        row, column = np.unravel_index(int(overlaps.argmax()), overlaps.shape)
        overlaps[row, :] = overlaps[:, column] = 0
        matches += 1
    return 2 * matches / (len(found) + len(wanted))
