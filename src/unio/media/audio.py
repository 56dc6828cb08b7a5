"""`load_audio`: any sound a user has, safely, as mono at the rate asked for (spec section 5)."""

import io
from pathlib import Path
from typing import Any, cast

import numpy as np
import soundfile  # pyright: ignore[reportMissingTypeStubs]
import soxr  # pyright: ignore[reportMissingTypeStubs]
from jaxtyping import Float
from pydantic import Field

from unio.core import Config, InputError
from unio.media.source import read_source
from unio.schema import Waveform

__all__ = ["AudioLimits", "load_audio", "resample"]

FORMATS = ("WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "MPEG")
"""Containers a user's file may be in, as libsndfile names them."""

BLOCK_FRAMES = 1 << 16
"""Frames decoded at a time: memory is bounded by the limit on seconds, not by what a header claims."""


class AudioLimits(Config):
    """What a sound may be before and while it is decoded."""

    max_bytes: int = Field(default=256 << 20, gt=0, description="Largest file, in bytes.")
    max_seconds: float = Field(default=300.0, gt=0, description="Longest sound, in seconds.")
    max_channels: int = Field(default=8, gt=0, description="Most channels; they are mixed down to one.")
    max_rate: int = Field(default=384_000, gt=0, description="Highest sample rate, in samples a second.")


def load_audio(
    source: str | Path | bytes | Waveform, *, rate: int, limits: AudioLimits | None = None
) -> Waveform:
    """Read a sound as mono float32 at ``rate`` samples a second.

    ``source`` is a WAV, FLAC, OGG or MP3 file, its bytes, or a waveform. Channels are averaged, other
    rates resampled, peaks beyond 1 scaled down to it. Decoding stops at the limits. A silent sound is a
    sound; an empty one, or one with NaN or infinite samples, raises ``InputError``.
    """
    limits = limits or AudioLimits()
    if isinstance(source, Waveform):
        _check_stream(source.rate, 1, len(source.samples), name="the given sound", limits=limits)
        return _finish(source, name="the given sound", rate=rate)
    raw, name = read_source(source, kind="sound", max_bytes=limits.max_bytes)
    try:
        with soundfile.SoundFile(io.BytesIO(raw)) as file:
            if file.format not in FORMATS:
                raise _not_read(name, f"{file.format} format")
            waveform = _decode(file, name=name, limits=limits)
    except soundfile.LibsndfileError as error:
        raise _not_read(name, error.error_string) from error
    return _finish(waveform, name=name, rate=rate)


def resample(waveform: Waveform, *, rate: int) -> Waveform:
    """The same sound at ``rate`` samples a second; at least one sample stays of it."""
    if waveform.rate == rate:
        return waveform
    resampler = cast(Any, soxr).resample
    samples = np.asarray(resampler(waveform.samples, waveform.rate, rate), np.float32)
    # A few samples can vanish in the resampler's rounding; a sound of one sample stays one.
    return Waveform(samples=samples if len(samples) else waveform.samples[:1], rate=rate)


def _decode(file: soundfile.SoundFile, *, name: str, limits: AudioLimits) -> Waveform:
    """Read block by block, mixing to mono, until the end or just behind the limit."""
    _check_stream(file.samplerate, file.channels, 0, name=name, limits=limits)
    blocks: list[Float[np.ndarray, " frames"]] = []
    frames = 0
    while True:
        block: Float[np.ndarray, "frames channels"] = file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)
        if not len(block):
            break
        frames += len(block)
        _check_stream(file.samplerate, file.channels, frames, name=name, limits=limits)
        blocks.append(block.mean(axis=1))
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    return Waveform(samples=samples, rate=file.samplerate)


def _check_stream(rate: int, channels: int, frames: int, *, name: str, limits: AudioLimits) -> None:
    if not 0 < rate <= limits.max_rate:
        raise InputError(
            f"{name} has an unusable sample rate", got=f"{rate} Hz", expected=f"1 to {limits.max_rate} Hz"
        )
    if channels > limits.max_channels:
        raise InputError(
            f"{name} has too many channels",
            got=channels,
            expected=f"at most {limits.max_channels}",
            fix="mix it down or raise the limit max_channels",
        )
    if frames > limits.max_seconds * rate:
        raise InputError(
            f"{name} is too long",
            got=f"more than {limits.max_seconds:g} s",
            expected=f"at most {limits.max_seconds:g} s",
            fix="cut a part out of it or raise the limit max_seconds",
        )


def _finish(waveform: Waveform, *, name: str, rate: int) -> Waveform:
    """Refuse what is no sound, then bring it to its rate and to [-1, 1]."""
    samples = waveform.samples
    if not len(samples):
        raise InputError(f"{name} has no samples", got="0 samples", expected="at least 1")
    broken = int(np.count_nonzero(~np.isfinite(samples)))
    if broken:
        raise InputError(
            f"{name} has samples that are no numbers",
            got=f"{broken} NaN or infinite of {len(samples)}",
            expected="finite samples",
        )
    resampled = resample(waveform, rate=rate)
    peak = float(np.abs(resampled.samples).max())
    if peak <= 1:
        return resampled
    return Waveform(samples=(resampled.samples / np.float32(peak)).astype(np.float32), rate=rate)


def _not_read(name: str, reason: str) -> InputError:
    # libsndfile says this of an MP3 stream it cannot follow, though the bytes are at hand.
    reason = "broken data" if "does not exist" in reason else reason.removeprefix("Error : ")
    return InputError(f"cannot decode {name}", got=reason.strip(" ."), expected="WAV, FLAC, OGG or MP3")
