"""`load_video`: any video a user has, safely, as a few frames and its sound (spec section 5, "Video")."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from unio.core import InputError
from unio.media.source import read_source
from unio.media.video.bars import without_bars
from unio.media.video.container import VideoLimits, open_video, read_packets
from unio.media.video.frames import decode_frames
from unio.media.video.moments import choose_frames
from unio.media.video.sound import decode_sound
from unio.schema import Picture, Waveform

__all__ = ["Video", "load_video"]

NOMINAL_RATE = 10.0
"""Frames a second of a video that is given as an array, which says nothing of time."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Video:
    """What is looked at of a video: ``frames`` of one size, oldest first, shown at ``times`` (seconds).

    ``seconds`` is the whole length; ``sound`` is all of its sound, None if it has none.
    """

    frames: tuple[Picture, ...]
    times: tuple[float, ...]
    seconds: float
    sound: Waveform | None = None

    @property
    def history(self) -> tuple[Picture, ...]:
        """All frames but the last."""
        return self.frames[:-1]

    @property
    def image(self) -> Picture:
        """The last frame."""
        return self.frames[-1]


def load_video(
    source: str | Path | bytes | Video | np.ndarray,
    *,
    rate: int = 16_000,
    frames: int = 5,
    with_sound: bool = True,
    remove_bars: bool = True,
    limits: VideoLimits | None = None,
    rng: np.random.Generator | None = None,
) -> Video:
    """Read ``frames`` frames of a video, one of each equal part, and its sound at ``rate`` samples a second.

    The frame of a part is the one shown in its middle, or at a random moment where ``rng`` is given. A
    video of fewer frames gives all it has. ``source`` is a file (MP4, MOV, WebM, MKV, AVI, MPEG, OGG,
    GIF), its bytes, an array of all frames (uint8, (frames, height, width, 3)), or a `Video`, which is
    given back as it is. Frames are turned
    as the file says; ``remove_bars`` cuts black edges off. Raises ``InputError`` for what cannot be used,
    ``MissingExtraError`` without PyAV.
    """
    limits = limits or VideoLimits()
    if isinstance(source, Video):
        return (
            source if with_sound else Video(frames=source.frames, times=source.times, seconds=source.seconds)
        )
    if isinstance(source, np.ndarray):
        return _from_array(source, count=frames, remove_bars=remove_bars, limits=limits, rng=rng)
    raw, name = read_source(source, kind="video", max_bytes=limits.max_bytes)
    with open_video(raw, name=name) as container:
        packets = read_packets(container, name=name, limits=limits, with_sound=with_sound)
        chosen = choose_frames(packets.moments, seconds=packets.seconds, count=frames, rng=rng)
        pictures = decode_frames(packets, chosen, name=name, limits=limits)
        sound = decode_sound(packets, rate=rate, name=name, limits=limits)
    if len({picture.shape for picture in pictures}) > 1:
        raise InputError(
            f"the frames of {name} change their size",
            got=", ".join(sorted({f"{one.shape[0]} x {one.shape[1]}" for one in pictures})),
            expected="one size throughout",
        )
    return Video(
        frames=without_bars(pictures) if remove_bars else tuple(pictures),
        times=tuple(packets.moments[index] for index in chosen[: len(pictures)]),
        seconds=packets.seconds,
        sound=sound,
    )


def _from_array(
    array: np.ndarray,
    *,
    count: int,
    remove_bars: bool,
    limits: VideoLimits,
    rng: np.random.Generator | None,
) -> Video:
    """Frames given as numbers: the same choice, no sound."""
    if array.ndim != 4 or array.shape[3] != 3 or array.dtype != np.uint8 or 0 in array.shape:
        raise InputError(
            "the given array is no video",
            got=f"{array.dtype} {array.shape}",
            expected="uint8 (frames, height, width, 3)",
        )
    if len(array) > limits.max_frames:
        raise InputError(
            "the given video has too many frames",
            got=f"{len(array):,}",
            expected=f"at most {limits.max_frames:,}",
            fix="cut a part out of it or raise the limit max_frames",
        )
    moments = [index / NOMINAL_RATE for index in range(len(array))]
    seconds = len(array) / NOMINAL_RATE
    chosen = choose_frames(moments, seconds=seconds, count=count, rng=rng)
    pictures = [np.array(array[index]) for index in chosen]
    return Video(
        frames=without_bars(pictures) if remove_bars else tuple(pictures),
        times=tuple(moments[index] for index in chosen),
        seconds=seconds,
    )
