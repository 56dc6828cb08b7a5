"""Masks asked for in other ways: several classes at once, a class inside a box."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from unio.core import InputError

__all__ = ["segment_in_box_fields", "segment_many_fields"]


def segment_many_fields(segments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Records of ``segment`` on one picture as one of several classes; a name counts once.

    Raises ``InputError`` where there are none.
    """
    by_name = {str(one["expression"]): one for one in segments}
    if not by_name:
        raise InputError("no class to segment", expected="one or more")
    return {
        "image": segments[0]["image"],
        "names": tuple(by_name),
        "masks": [np.asarray(one["mask"], bool) for one in by_name.values()],
    }


def segment_in_box_fields(segment: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``segment`` with a box that cuts through what is marked, and the mask cut with it.

    The box has a corner in the mask's own box, so that mostly a part of it is in and a part out.
    """
    mask = np.asarray(segment["mask"], bool)
    height, width = mask.shape
    rows, columns = np.nonzero(mask)
    if len(rows) == 0:
        raise InputError("an empty mask", got=repr(segment["expression"])[:40])
    top, bottom = _interval(int(rows.min()), int(rows.max()) + 1, height, rng)
    left, right = _interval(int(columns.min()), int(columns.max()) + 1, width, rng)
    kept = np.zeros_like(mask)
    kept[top:bottom, left:right] = mask[top:bottom, left:right]
    return {
        "image": segment["image"],
        "name": segment["expression"],
        "box": np.array([top, left, bottom, right], np.float64),
        "mask": kept,
    }


def _interval(first: int, last: int, size: int, rng: np.random.Generator) -> tuple[int, int]:
    """An edge of the picture and somewhere inside [first, last), or the other way round."""
    cut = int(rng.integers(first, last))
    return (0, cut + 1) if rng.random() < 0.5 else (cut, size)
