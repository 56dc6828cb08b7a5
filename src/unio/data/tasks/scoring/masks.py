"""Masks as black and white pictures, how well two of them agree, and a point well inside one."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from unio.schema import Picture

__all__ = ["inmost_pixel", "mask_overlap", "mask_picture", "read_mask"]


def mask_picture(mask: Any) -> Picture:
    """A mask (height, width) as a picture: white where it is True, black elsewhere."""
    return np.repeat(np.asarray(mask, bool)[..., None] * np.uint8(255), 3, axis=2)


def read_mask(picture: Picture) -> Bool[np.ndarray, "height width"]:
    """True where the picture is brighter than middle grey."""
    return picture.mean(axis=2) > 127.5


def mask_overlap(first: Bool[np.ndarray, "height width"], second: Bool[np.ndarray, "height width"]) -> float:
    """Intersection over union; two empty masks agree."""
    union = np.count_nonzero(first | second)
    return np.count_nonzero(first & second) / union if union else 1.0


def inmost_pixel(mask: Bool[np.ndarray, "height width"]) -> Float[np.ndarray, " 2"]:
    """The middle (y, x) of a pixel of the mask that lies furthest from its border.

    Of several, the one nearest to their own middle. The mask must not be empty.
    """
    kept = np.pad(mask, 1)
    while True:
        inner = kept.copy()
        for axis in (0, 1):
            for step in (-1, 1):
                inner &= np.roll(kept, step, axis=axis)
        if not inner.any():
            break
        kept = inner
    places = np.argwhere(kept) - 1
    nearest = np.argmin(np.linalg.norm(places - places.mean(axis=0), axis=1))
    return places[nearest] + 0.5
