"""A video's sound, from its packets, in step with its first frame."""

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.media.audio import load_audio
from unio.media.video.container import Packets, VideoLimits
from unio.schema import Waveform

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.codeccontext import AudioCodecContext

__all__ = ["decode_sound"]


def decode_sound(packets: Packets, *, rate: int, name: str, limits: VideoLimits) -> Waveform | None:
    """The sound as mono at ``rate``, beginning with the first frame; None if there is no sample.

    Sound before the first frame is cut, a late beginning is filled with silence, and what goes on behind
    the last frame is cut. Decoding stops at the limits. Raises ``InputError``.
    """
    if not packets.sounds:
        return None
    from av import AudioResampler

    decoder = cast("AudioCodecContext", packets.sounds[0].stream.codec_context)
    source_rate, channels = decoder.sample_rate, decoder.channels
    _check(source_rate, channels, name=name, limits=limits)
    planar = AudioResampler(format="fltp")  # the format alone: channels and rate are brought to ours below
    blocks: list[Float[np.ndarray, " samples"]] = []
    begin: float | None = None
    length = 0
    for packet in (*packets.sounds, None):
        frames: list[AudioFrame] = cast(Any, decoder).decode(packet)
        for frame in frames:
            if begin is None and frame.pts is not None and frame.time_base is not None:
                begin = float(frame.pts * frame.time_base) - packets.start
            for block in planar.resample(frame):
                blocks.append(_mono(block, rate=source_rate, channels=channels, name=name))
                length += len(blocks[-1])
        if length > limits.sound.max_seconds * source_rate:
            raise InputError(
                f"the sound of {name} is too long",
                got=f"more than {limits.sound.max_seconds:g} s",
                expected=f"at most {limits.sound.max_seconds:g} s",
                fix="cut a part out of it or raise the limit sound.max_seconds",
            )
    if not length:
        return None
    samples = _in_step(np.concatenate(blocks), begin or 0.0, packets.seconds, rate=source_rate)
    if not len(samples):
        return None
    return load_audio(Waveform(samples=samples, rate=source_rate), rate=rate, limits=limits.sound)


def _check(rate: int, channels: int, *, name: str, limits: VideoLimits) -> None:
    if channels > limits.sound.max_channels:
        raise InputError(
            f"the sound of {name} has too many channels",
            got=channels,
            expected=f"at most {limits.sound.max_channels}",
            fix="mix it down, leave it out (with_sound=False) or raise the limit sound.max_channels",
        )
    if not 0 < rate <= limits.sound.max_rate:
        raise InputError(
            f"the sound of {name} has an unusable sample rate",
            got=f"{rate} Hz",
            expected=f"1 to {limits.sound.max_rate} Hz",
        )


def _mono(frame: "AudioFrame", *, rate: int, channels: int, name: str) -> Float[np.ndarray, " samples"]:
    """One block's channels averaged. A change of rate or channels on the way is refused."""
    planes = cast(Any, frame.to_ndarray())
    if frame.sample_rate != rate or planes.shape[0] != channels:
        raise InputError(
            f"the sound of {name} changes its format",
            got=f"{planes.shape[0]} channels at {frame.sample_rate} Hz",
            expected=f"{channels} channels at {rate} Hz throughout",
        )
    return np.asarray(planes, np.float32).mean(axis=0)


def _in_step(
    samples: Float[np.ndarray, " samples"], begin: float, seconds: float, *, rate: int
) -> Float[np.ndarray, " kept"]:
    """The samples from the first frame (0 s) to the end of the last one, which begin at ``begin``."""
    shift = round(begin * rate)
    late = np.zeros(max(min(shift, round(seconds * rate)), 0), np.float32)
    return np.concatenate([late, samples[max(-shift, 0) :]])[: max(round(seconds * rate), 1)]
