"""Pixel values as the encoders and codecs want them (spec section 5)."""

import numpy as np
from jaxtyping import Float

from unio.schema import Picture

__all__ = ["CLIP_MEAN", "CLIP_STD", "from_target", "normalise_clip", "to_target"]

CLIP_MEAN = np.array((0.48145466, 0.4578275, 0.40821073), np.float32)
CLIP_STD = np.array((0.26862954, 0.26130258, 0.27577711), np.float32)


def normalise_clip(pixels: Float[np.ndarray, "*shape 3"]) -> Float[np.ndarray, "*shape 3"]:
    """Pixels in [0, 1], padding included, shifted and scaled as CLIP's encoder was trained with."""
    return (pixels - CLIP_MEAN) / CLIP_STD


def to_target(pixels: Float[np.ndarray, "height width 3"]) -> Float[np.ndarray, "height width 3"]:
    """Pixels in [0, 1] as the picture codec reads them, in [-1, 1]."""
    return pixels * np.float32(2) - np.float32(1)


def from_target(values: Float[np.ndarray, "height width 3"]) -> Picture:
    """What the picture codec draws, in [-1, 1], as RGB; values beyond are cut."""
    return np.rint((np.clip(values, -1, 1) + 1) * 127.5).astype(np.uint8)
