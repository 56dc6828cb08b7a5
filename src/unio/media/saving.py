"""Writing pictures and sounds: a whole file or none."""

import io
import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile  # pyright: ignore[reportMissingTypeStubs]
from PIL import Image

from unio.core import InputError
from unio.schema import Picture, Waveform

__all__ = [
    "IMAGE_SUFFIXES",
    "SOUND_SUFFIXES",
    "encode_animation",
    "encode_audio",
    "encode_image",
    "save_audio",
    "save_image",
    "write_whole",
]

IMAGE_SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".bmp": "BMP"}
SOUND_SUFFIXES = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG"}


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write ``content`` under another name and rename it: a reader sees the whole file or none.

    Missing folders are made. Raises ``InputError`` where the system refuses.
    """
    path = Path(path)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as file:
            file.write(content)
        partial.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}", got=error.strerror, expected="a place for a file") from error
    finally:
        # Gone already when the rename went well; any other way out leaves nothing behind.
        _remove(partial)
    return path


def encode_image(picture: Picture, *, suffix: str = ".png") -> bytes:
    """A picture as the bytes of a file with that suffix. Raises ``InputError`` for an unknown one."""
    kind = _kind(suffix, IMAGE_SUFFIXES, what="picture")
    content = io.BytesIO()
    Image.fromarray(picture).save(content, format=kind, **({"quality": 95} if kind == "JPEG" else {}))
    return content.getvalue()


def encode_animation(pictures: Sequence[Picture], *, frames_per_second: float) -> bytes:
    """Pictures of one size as an endlessly repeated WebP animation, which browsers show as a picture."""
    if not pictures:
        raise InputError("no pictures to animate", got="0 pictures", expected="at least 1")
    first, *rest = (Image.fromarray(picture) for picture in pictures)
    content = io.BytesIO()
    first.save(
        content,
        format="WEBP",
        save_all=True,
        append_images=rest,
        duration=round(1000 / frames_per_second),
        loop=0,
        quality=85,
    )
    return content.getvalue()


def encode_audio(waveform: Waveform, *, suffix: str = ".wav") -> bytes:
    """A sound as the bytes of a file with that suffix (16 bits), cut to [-1, 1].

    Raises ``InputError`` for an unknown suffix.
    """
    kind = _kind(suffix, SOUND_SUFFIXES, what="sound")
    content = io.BytesIO()
    soundfile.write(content, np.clip(waveform.samples, -1, 1), waveform.rate, format=kind)
    return content.getvalue()


def save_image(picture: Picture, path: str | Path) -> Path:
    """Write a picture; the suffix says the format. Raises ``InputError`` for an unknown one."""
    return write_whole(path, encode_image(picture, suffix=Path(path).suffix))


def save_audio(waveform: Waveform, path: str | Path) -> Path:
    """Write a sound; the suffix says the format. Raises ``InputError`` for an unknown one."""
    return write_whole(path, encode_audio(waveform, suffix=Path(path).suffix))


def _kind(suffix: str, known: dict[str, str], *, what: str) -> str:
    try:
        return known[suffix.lower()]
    except KeyError:
        raise InputError(
            f"cannot save a {what} in this format", got=repr(suffix), expected=f"one of {', '.join(known)}"
        ) from None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        # A parent is a file: nothing can have been written there.
        return
