"""A video file as the fields of the video families: earlier frames, the last one, and the sound in step."""

from pathlib import Path

import numpy as np

from unio.core import InputError
from unio.data.sources.reader import Record
from unio.data.tasks import TASKS
from unio.schema import AudioGeometry

__all__ = ["VIDEO_SUFFIXES", "listens", "task_video", "video_fields"]

VIDEO_SUFFIXES = frozenset({".mp4", ".mov", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".ogv"})


def listens(task: str) -> bool:
    """Whether a family hears its videos: the sound of the others need not be decoded."""
    specs = TASKS.get(task).inputs if task in TASKS else ()
    return any(spec.kind == "video" and spec.with_sound for spec in specs)


def video_fields(
    source: Path | bytes, *, rng: np.random.Generator | None = None, with_sound: bool = True
) -> Record:
    """``image_history`` (up to 4), ``image``; ``audio`` and ``audio_history`` where there is sound.

    Frames are drawn from five equal parts with ``rng``, or taken from their middles without. Raises
    ``InputError`` for what is no video, ``MissingExtraError`` without PyAV.
    """
    # Imported here: PyAV is an extra that only videos need.
    from unio.media.video import load_video, sound_pieces

    video = load_video(source, with_sound=with_sound, rng=rng)
    fields: Record = {"image_history": video.history, "image": video.image}
    sounds = sound_pieces(video, AudioGeometry())
    if sounds:
        fields |= {"audio": sounds[-1], "audio_history": sounds[:-1]}
    return fields


def task_video(task: str, source: Path | bytes, *, rng: np.random.Generator) -> Record:
    """A video file as the fields that one family reads.

    ``next_frame`` has its last frame to tell, ``video_sound`` its sound; all others are shown the frames, and
    hear them where they listen. Raises ``InputError`` for a video without what is to be told.
    """
    if task == "video_sound":
        fields = video_fields(source, rng=rng)
        if "audio" not in fields:
            raise InputError("a video without sound")
        return {
            "image_history": fields["image_history"],
            "image": fields["image"],
            "sound": fields["audio"],
        }
    fields = video_fields(source, rng=rng, with_sound=listens(task))
    if task != "next_frame":
        return fields
    if not fields["image_history"]:
        raise InputError("a video of a single frame")
    *history, image = fields["image_history"]
    return {"image_history": tuple(history), "image": image, "picture": fields["image"]}
