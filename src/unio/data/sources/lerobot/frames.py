"""Pictures of an episode: embedded in its table, or frames of a video that many episodes share."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from unio.core import InputError
from unio.media.source import read_source
from unio.media.video import VideoLimits
from unio.media.video.container import open_video, read_packets
from unio.media.video.frames import decode_frames
from unio.schema import Picture

__all__ = ["frames_at"]

LIMITS = VideoLimits(max_bytes=1 << 30, max_seconds=100_000, max_frames=3_000_000)
"""LeRobot joins many episodes in a file of up to 500 MB."""


def frames_at(path: Path, times: Sequence[float], *, tolerance: float) -> list[Picture]:
    """The frames shown nearest to ``times`` (seconds into the file, ascending).

    Raises ``InputError`` for a file that is no video, or has no frame within ``tolerance`` seconds of a time.
    """
    return list(_frames(path, tuple(times), tolerance))


@lru_cache(maxsize=8)
def _frames(path: Path, times: tuple[float, ...], tolerance: float) -> tuple[Picture, ...]:
    raw, name = read_source(path, kind="video", max_bytes=LIMITS.max_bytes)
    with open_video(raw, name=name) as container:
        packets = read_packets(container, name=name, limits=LIMITS, with_sound=False)
        moments = np.asarray(packets.moments)
        chosen = [int(np.abs(moments - time).argmin()) for time in times]
        for time, index in zip(times, chosen, strict=True):
            if abs(moments[index] - time) > tolerance:
                raise InputError(
                    f"{name} has no frame at {time:.3f} s", got=f"the nearest is at {moments[index]:.3f} s"
                )
        pictures = decode_frames(packets, chosen, name=name, limits=LIMITS)
    if len(pictures) != len(chosen):
        raise InputError(f"{name} breaks off", got=f"{len(pictures)} of {len(chosen)} frames")
    return tuple(pictures)
