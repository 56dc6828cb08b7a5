"""Every pixel format there is, as 8-bit RGB."""

from typing import Any, cast

import numpy as np
from jaxtyping import Shaped
from PIL import Image

from unio.core import InputError
from unio.schema import Picture

__all__ = ["array_to_rgb", "mode_to_rgb"]

TRANSPARENT_MODES = ("LA", "La", "PA", "RGBA", "RGBa")


def mode_to_rgb(image: Image.Image, *, name: str) -> Picture:
    """A decoded Pillow picture of any mode as RGB; transparent parts become white.

    Raises ``InputError`` for numbers that are no brightness (32-bit values beyond 65535, or floats
    outside [0, 1]).
    """
    if image.mode.startswith("I"):
        # Pillow's own conversion cuts 16 bits off at 255 where it should scale them.
        return _gray16_to_rgb(np.asarray(image), name=name)
    if image.mode == "F":
        return array_to_rgb(np.asarray(image), name=name)
    if image.mode in TRANSPARENT_MODES or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return np.array(Image.alpha_composite(white, rgba).convert("RGB"))
    return np.array(image.convert("RGB"))


def array_to_rgb(array: Shaped[np.ndarray, "..."], *, name: str) -> Picture:
    """An array (height, width) or (height, width, 1 | 3 | 4) as RGB; alpha is laid over white.

    Values are uint8, uint16, bool, or floats in [0, 1]. Raises ``InputError`` for all others.
    """
    channels = 1 if array.ndim == 2 else array.shape[-1]
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or 0 in array.shape:
        raise InputError(
            f"{name} has no picture's shape",
            got=array.shape,
            expected="(height, width) or (height, width, 1 | 3 | 4)",
        )
    pixels = _to_eight_bits(array, name=name).reshape(*array.shape[:2], channels)
    if channels == 1:
        return np.repeat(pixels, 3, axis=2)
    if channels == 3:
        return pixels
    opaque = pixels[..., 3:].astype(np.float32) / 255
    return np.rint(pixels[..., :3] * opaque + 255 * (1 - opaque)).astype(np.uint8)


def _to_eight_bits(array: Shaped[np.ndarray, "..."], *, name: str) -> Any:
    """The same numbers as uint8."""
    if array.dtype == np.uint8:
        return array.copy()
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return (array >> 8).astype(np.uint8)
    if not np.issubdtype(array.dtype, np.floating):
        raise InputError(
            f"{name} has no picture's values", got=str(array.dtype), expected="uint8, uint16, bool or float"
        )
    if not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
        raise InputError(
            f"{name} has values out of range",
            got="NaN or infinity" if not np.isfinite(array).all() else f"{array.min():g} to {array.max():g}",
            expected="floats in [0, 1]",
            fix="divide by the largest possible value",
        )
    return np.rint(array * 255).astype(np.uint8)


def _gray16_to_rgb(array: Shaped[np.ndarray, "height width"], *, name: str) -> Picture:
    """Whole numbers of 16 bits, whichever type they are kept in."""
    if int(array.min()) < 0 or int(array.max()) > 0xFFFF:
        raise InputError(
            f"{name} has values out of range", got=f"{array.min()} to {array.max()}", expected="0 to 65535"
        )
    return array_to_rgb(cast(Any, array).astype(np.uint16), name=name)
