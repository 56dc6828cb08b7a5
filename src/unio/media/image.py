"""`load_image`: any picture a user has, safely, as RGB (spec section 5)."""

import io
import re
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from pydantic import Field

from unio.core import Config, InputError
from unio.media.pixels import array_to_rgb, mode_to_rgb
from unio.media.source import read_source
from unio.schema import Picture

__all__ = ["FORMATS", "ImageLimits", "load_image"]

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
"""Pillow decoders a user's file may reach. Of an animation the first frame is read."""

DECODER_ERRORS = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What Pillow's decoders raise on broken data."""

PILLOW_BOMB = 89_478_485
"""Where Pillow itself begins to warn of decompression bombs, in pixels."""


class ImageLimits(Config):
    """What a picture may be before it is decoded."""

    max_bytes: int = Field(default=64 << 20, gt=0, description="Largest file, in bytes.")
    max_pixels: int = Field(
        default=50_000_000, gt=0, le=PILLOW_BOMB, description="Most pixels, height times width."
    )
    min_side: int = Field(default=2, gt=0, description="Shortest side worth looking at, in pixels.")


def load_image(
    source: str | Path | bytes | Image.Image | np.ndarray, *, limits: ImageLimits | None = None
) -> Picture:
    """Read a picture as uint8 RGB (height, width, 3).

    ``source`` is a file, its bytes, a Pillow picture, or an array of shape (height, width),
    (height, width, 1 | 3 | 4) in uint8, uint16, bool or float [0, 1]. The picture is turned as its EXIF
    orientation says; palettes, CMYK and 16 bits become 8-bit RGB; what is transparent becomes white.
    The size is checked before pixels are decoded. Raises ``InputError``.
    """
    limits = limits or ImageLimits()
    if isinstance(source, np.ndarray):
        name = "the given array"
        rgb = array_to_rgb(source, name=name)
        _check_size(rgb.shape[1], rgb.shape[0], name=name, limits=limits)
        return rgb
    if isinstance(source, Image.Image):
        return _to_rgb(source, name="the given picture", limits=limits)
    raw, name = read_source(source, kind="picture", max_bytes=limits.max_bytes)
    with warnings.catch_warnings():
        # Pillow warns of large pictures and odd tags; our limits and errors answer instead.
        warnings.simplefilter("ignore")
        with _open(raw, name=name, limits=limits) as opened:
            return _to_rgb(opened, name=name, limits=limits)


def _open(raw: bytes, *, name: str, limits: ImageLimits) -> Image.Image:
    """Read the header alone."""
    try:
        return Image.open(io.BytesIO(raw), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise InputError(
            f"cannot decode {name}",
            got=f"{len(raw):,} bytes that are broken or of another format",
            expected=", ".join(FORMATS),
        ) from error
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\d+", str(error))
        raise _too_many(name, f"{int(pixels.group()):,}" if pixels else "far more", limits) from error
    except DECODER_ERRORS as error:
        raise _broken(name, error) from error


def _to_rgb(image: Image.Image, *, name: str, limits: ImageLimits) -> Picture:
    """Check the size from the header, then decode, turn and convert."""
    _check_size(image.width, image.height, name=name, limits=limits)
    try:
        image.load()
        turned = ImageOps.exif_transpose(image)
    except DECODER_ERRORS as error:
        raise _broken(name, error) from error
    return mode_to_rgb(turned, name=name)


def _check_size(width: int, height: int, *, name: str, limits: ImageLimits) -> None:
    if height * width > limits.max_pixels:
        raise _too_many(name, f"{height:,} x {width:,} = {height * width:,}", limits)
    if min(height, width) < limits.min_side:
        raise InputError(
            f"{name} is too small",
            got=f"{height} x {width} pixels",
            expected=f"at least {limits.min_side} pixels on each side",
        )


def _too_many(name: str, pixels: str, limits: ImageLimits) -> InputError:
    return InputError(
        f"{name} has too many pixels",
        got=f"{pixels} pixels",
        expected=f"at most {limits.max_pixels:,}",
        fix="scale the picture down or raise the limit max_pixels",
    )


def _broken(name: str, error: Exception) -> InputError:
    return InputError(
        f"{name} is broken", got=str(error)[:120] or type(error).__name__, expected="a picture that decodes"
    )
