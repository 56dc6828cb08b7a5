"""Patches put back together: what of a picture or a sound the encoder really gets (spec section 5)."""

import numpy as np
from jaxtyping import Bool, Float

from unio.media import draw_spectrogram
from unio.media.normalise import CLIP_MEAN, CLIP_STD
from unio.schema import AudioGeometry, PatchFeatures, Picture

__all__ = ["GREY", "picture_of_patches", "spectrogram_of_patches"]

GREY = 128
"""What the encoder does not get: padding, and patches that were left out."""


def picture_of_patches(
    features: PatchFeatures, frame: int, *, grid: tuple[int, int], patch_size: int
) -> Picture:
    """One frame of a picture stream; cells without a valid patch are grey.

    Example, a grid of 1 x 2 patches of 2 x 2 pixels, the second left out::

        a a 128 128
        a a 128 128
    """
    values, seen = _laid_out(features, frame, grid=grid, patch_size=patch_size, channels=3)
    pixels = np.clip(values * CLIP_STD + CLIP_MEAN, 0, 1)
    shown = np.where(_spread(seen, patch_size)[..., None], pixels * 255, GREY)
    return np.rint(shown).astype(np.uint8)


def spectrogram_of_patches(features: PatchFeatures, frame: int, *, geometry: AudioGeometry) -> Picture:
    """One segment of a sound stream as a picture, time to the right, high bands on top; the rest is grey."""
    size = geometry.patch_size
    values, seen = _laid_out(features, frame, grid=geometry.input_grid, patch_size=size, channels=1)
    drawn = draw_spectrogram(values[..., 0] * geometry.input_std + geometry.input_mean)
    cells = seen.T[::-1]
    down, across = np.arange(len(drawn)), np.arange(len(drawn[0]))
    is_seen = cells[np.ix_(down * len(cells) // len(down), across * len(cells[0]) // len(across))]
    return np.where(is_seen[..., None], drawn, np.uint8(GREY))


def _laid_out(
    features: PatchFeatures, frame: int, *, grid: tuple[int, int], patch_size: int, channels: int
) -> tuple[Float[np.ndarray, "height width channels"], Bool[np.ndarray, "down across"]]:
    """A frame's patches on their places, zero elsewhere, and which cells have one that counts."""
    down, across = grid
    mask = features.mask[frame]
    places = features.positions[frame][mask]
    blocks = np.zeros((down * across, patch_size, patch_size, channels), np.float32)
    blocks[places] = features.patches[frame][mask].reshape(-1, patch_size, patch_size, channels)
    seen = np.zeros(down * across, dtype=bool)
    seen[places] = True
    rows = blocks.reshape(down, across, patch_size, patch_size, channels).transpose(0, 2, 1, 3, 4)
    return rows.reshape(down * patch_size, across * patch_size, channels), seen.reshape(grid)


def _spread(cells: Bool[np.ndarray, "down across"], size: int) -> Bool[np.ndarray, "height width"]:
    return cells.repeat(size, axis=0).repeat(size, axis=1)
