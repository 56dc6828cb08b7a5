"""Cutting pictures and spectrograms into patches, and their masks (spec section 5)."""

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["audio_patches", "image_patches", "patch_mask"]


def _blocks(
    grid: Float[np.ndarray, "rows columns channels"], patch_size: int
) -> Float[np.ndarray, "patches values"]:
    """Square blocks in row-major order, each flattened as (row, column, channel)."""
    rows, columns, channels = grid.shape
    down, across = rows // patch_size, columns // patch_size
    blocks = grid.reshape(down, patch_size, across, patch_size, channels).transpose(0, 2, 1, 3, 4)
    return blocks.reshape(down * across, patch_size * patch_size * channels)


def image_patches(
    pixels: Float[np.ndarray, "height width 3"], *, patch_size: int
) -> Float[np.ndarray, "patches values"]:
    """Patches of a picture, row-major; values in the order (row, column, channel).

    Height and width must be multiples of ``patch_size``.
    """
    return _blocks(pixels, patch_size)


def audio_patches(
    values: Float[np.ndarray, "frames mels"], patch_size: int
) -> Float[np.ndarray, "patches values"]:
    """Patches of a spectrogram over (time, mel), row-major; values in the order (time, mel)."""
    return _blocks(values[..., None], patch_size)


def patch_mask(mask: Bool[np.ndarray, "rows columns"], *, patch_size: int) -> Bool[np.ndarray, " patches"]:
    """Whether each patch counts: the mask at its middle, ``floor((i + 0.5) patch)`` in each direction."""
    middle = patch_size // 2
    return mask[middle::patch_size, middle::patch_size].reshape(-1)
