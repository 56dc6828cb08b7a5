"""A medium as a row holds it: a file's name, its bytes, or what Hugging Face's ``datasets`` makes of them."""

import base64
import binascii
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image

from unio.core import InputError
from unio.data.sources.captioned import RATE
from unio.data.sources.files import inside
from unio.media import load_audio, load_image
from unio.schema import Picture, Waveform

__all__ = ["media_source", "read_picture", "read_sound"]


def media_source(value: Any, *, folder: Path | None, what: str) -> Path | bytes:
    """The file or bytes of a medium: a name in ``folder``, bytes, ``{"bytes": ..}``, ``data:..;base64,..``.

    ``what`` ("picture", "sound", "video") is for the errors. Raises ``InputError`` for anything else, such as
    an address on the net: data is fetched by its builder, not while it is read.
    """
    if isinstance(value, dict):
        given = cast(dict[str, Any], value)
        value = given.get("bytes") or given.get("path") or given.get("url")
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, str) and value.startswith("data:"):
        try:
            return base64.b64decode(value.partition(",")[2], validate=True)
        except binascii.Error as error:
            raise InputError(f"the {what} is not valid base64", got=repr(value[:40])) from error
    if isinstance(value, str) and "://" in value[:12]:
        raise InputError(
            f"the {what} is an address", got=repr(value)[:60], fix="download it, and name the file"
        )
    if isinstance(value, str) and folder is not None:
        return inside(folder, value.removeprefix("./"))
    raise InputError(
        f"no {what}", got=type(cast(object, value)).__name__, expected="a file's name or its bytes"
    )


def read_picture(value: Any, *, folder: Path | None) -> Picture:
    """A picture from a row, decoded or not."""
    if isinstance(value, Image.Image | np.ndarray):
        return load_image(cast(Any, value))
    return load_image(media_source(value, folder=folder, what="picture"))


def read_sound(value: Any, *, folder: Path | None) -> Waveform:
    """A sound from a row at unio's rate; ``{"array": .., "sampling_rate": ..}`` is decoded already."""
    if isinstance(value, dict) and "array" in value:
        given = cast(dict[str, Any], value)
        samples = np.asarray(given["array"], np.float32)
        if samples.ndim != 1:
            raise InputError("a decoded sound of several channels", got=samples.shape, expected="(samples,)")
        return load_audio(Waveform(samples=samples, rate=int(given.get("sampling_rate", RATE))), rate=RATE)
    return load_audio(media_source(value, folder=folder, what="sound"), rate=RATE)
