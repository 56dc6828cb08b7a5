"""Pictures, animations and sounds as ``data:`` URIs, so that a page needs no second file."""

import base64
from collections.abc import Sequence

from unio.media import encode_animation, encode_audio, encode_image
from unio.schema import Picture, Waveform

__all__ = ["animation_uri", "picture_uri", "sound_uri"]


def picture_uri(picture: Picture) -> str:
    """A picture as an inline PNG."""
    return data_uri("image/png", encode_image(picture, suffix=".png"))


def animation_uri(frames: Sequence[Picture], *, frames_per_second: float, rest: int = 8) -> str:
    """Frames of one size as an inline animation without end, resting ``rest`` frames on the outcome."""
    shown = [*frames, *([frames[-1]] * rest)]
    return data_uri("image/webp", encode_animation(shown, frames_per_second=frames_per_second))


def sound_uri(waveform: Waveform) -> str:
    """A sound as an inline 16-bit WAV."""
    return data_uri("audio/wav", encode_audio(waveform, suffix=".wav"))


def data_uri(media_type: str, data: bytes) -> str:
    """Bytes as a base64 ``data:`` URI."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"
