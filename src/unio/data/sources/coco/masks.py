"""COCO's three ways to write a mask: polygons, run lengths, and run lengths packed into letters."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from jaxtyping import Bool, Float

from unio.core import InputError

__all__ = ["decode_mask", "unpack_run_lengths"]


def decode_mask(segmentation: Any, *, height: int, width: int) -> Bool[np.ndarray, "height width"]:
    """The pixels of an annotation's ``segmentation``.

    - polygons: a list of lists x1 y1 x2 y2 ..;
    - run lengths: ``{"size": [height, width], "counts": [..]}``, down the columns, first of them outside;
    - packed: the same with ``counts`` as letters.

    Raises ``InputError`` for anything else, or runs that do not fill the picture.
    """
    if isinstance(segmentation, list):
        return _polygons(cast(list[Any], segmentation), height=height, width=width)
    if isinstance(segmentation, dict) and "counts" in cast(dict[str, Any], segmentation):
        counts: Any = cast(dict[str, Any], segmentation)["counts"]
        numbers: Any = unpack_run_lengths(counts) if isinstance(counts, str) else counts
        return _runs(numbers, height, width)
    raise InputError(
        "unknown kind of segmentation",
        got=type(cast(object, segmentation)).__name__,
        expected="polygons or run lengths",
    )


def unpack_run_lengths(letters: str) -> list[int]:
    """COCO's packed counts as numbers.

    Each letter carries five bits (its code minus 48) and, as the sixth, whether more follow; the highest
    bit of the last one is the sign. From the fourth number on, each is a difference to the one two before.

    Example::

        unpack_run_lengths("04l0") == [0, 4, 28]   # "l" is 32 (more follow) + 28
    """
    numbers: list[int] = []
    at = 0
    while at < len(letters):
        value, shift, more = 0, 0, True
        while more:
            if at >= len(letters):
                raise InputError("packed mask breaks off", got=repr(letters[-12:]))
            bits = ord(letters[at]) - 48
            if not 0 <= bits < 64:
                raise InputError("packed mask has a wrong letter", got=repr(letters[at]))
            value |= (bits & 31) << shift
            shift += 5
            at += 1
            more = bool(bits & 32)
            if not more and bits & 16:
                value -= 1 << shift
        if len(numbers) > 2:
            value += numbers[-2]
        numbers.append(value)
    return numbers


def _runs(counts: Sequence[int], height: int, width: int) -> Bool[np.ndarray, "height width"]:
    lengths = np.asarray(counts)
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu" or (lengths < 0).any():
        raise InputError("bad run lengths", got=repr(counts)[:60], expected="whole numbers, 0 or more")
    if int(lengths.sum()) != height * width:
        raise InputError(
            "run lengths do not fill the picture", got=int(lengths.sum()), expected=f"{height} x {width}"
        )
    values = np.arange(len(lengths)) % 2 == 1
    return np.repeat(values, lengths).reshape(width, height).T


def _polygons(polygons: Sequence[Any], *, height: int, width: int) -> Bool[np.ndarray, "height width"]:
    mask = np.zeros((height, width), dtype=bool)
    for polygon in polygons:
        try:
            corners = np.asarray(polygon, np.float64)
        except (TypeError, ValueError):
            corners = np.zeros(0)
        if corners.ndim != 1 or len(corners) < 6 or len(corners) % 2 or not np.isfinite(corners).all():
            raise InputError("bad polygon", got=repr(polygon)[:60], expected="x1 y1 x2 y2 x3 y3 ..")
        mask |= _inside(corners.reshape(-1, 2), height=height, width=width)
    return mask


def _inside(
    corners: Float[np.ndarray, "corners 2"], *, height: int, width: int
) -> Bool[np.ndarray, "height width"]:
    """The pixels whose centres lie inside a polygon (even-odd rule); corners x y lie on edges of pixels.

    A row's centres are compared with the places where its edges cross it: an odd number of crossings to the
    right is inside.
    """
    following = np.roll(corners, -1, axis=0)
    centres = np.arange(width) + 0.5
    inside = np.zeros((height, width), dtype=bool)
    for row in range(height):
        middle = row + 0.5
        crosses = (corners[:, 1] <= middle) != (following[:, 1] <= middle)
        first, second = corners[crosses], following[crosses]
        at = first[:, 0] + (middle - first[:, 1]) / (second[:, 1] - first[:, 1]) * (
            second[:, 0] - first[:, 0]
        )
        inside[row] = np.count_nonzero(at[:, None] > centres, axis=0) % 2 == 1
    return inside
