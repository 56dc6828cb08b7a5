"""From a video to material: 5 equal parts, one frame of each, and its sound likewise (spec section 5)."""

from collections.abc import Sequence

import numpy as np

from unio.core import InputError
from unio.data.denoise.material import Material, Video
from unio.schema import AudioGeometry, Geometry, Waveform

__all__ = ["sample_video"]


def sample_video(video: Video, *, geometry: Geometry, center: bool, rng: np.random.Generator) -> Material:
    """One frame of each of ``history_frames + 1`` equal parts, the last the picture, the others its history.

    The frame is random within its part, or the middle one with ``center``. A sound of no more segments
    than the model takes is kept whole; of a longer one each part gives the segment around its frame.
    Raises ``InputError`` for a video without frames.

    Example, 10 frames, 4 + 1 of them kept, ``center``::

        frames 1 3 5 7 -> history     frame 9 -> picture
    """
    if not video.frames:
        raise InputError(f"video {video.name!r} has no frames")
    parts = min(geometry.image.history_frames + 1, len(video.frames))
    moments = (np.arange(parts) + (0.5 if center else rng.random(parts))) / parts
    frames = [video.frames[int(moment * len(video.frames))] for moment in moments]
    sounds = [] if video.sound is None else _sounds(video.sound, moments.tolist(), geometry.audio)
    *audio_history, audio = sounds or [None]
    return Material(
        name=video.name,
        text=video.text,
        image=frames[-1],
        image_history=tuple(frames[:-1]),
        audio=audio,
        audio_history=tuple(one for one in audio_history if one is not None),
    )


def _sounds(sound: Waveform, moments: Sequence[float], geometry: AudioGeometry) -> list[Waveform]:
    length, most = geometry.segment_samples, geometry.history_segments + 1
    if len(sound.samples) <= most * length:
        return [sound]
    clips: list[Waveform] = []
    for moment in moments[-most:]:
        start = int(moment * len(sound.samples)) - length // 2
        start = min(max(start, 0), len(sound.samples) - length)
        clips.append(Waveform(samples=sound.samples[start : start + length], rate=sound.rate))
    return clips
