"""Masks as black and white pictures, and how well two of them agree."""

from typing import Any

import numpy as np
from jaxtyping import Bool

from unio.schema import Picture

__all__ = ["mask_overlap", "mask_picture", "read_mask"]


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
