"""How much of a past an example has: frames before the last one, segments of its sound (spec sections 3, 5).

A sound longer than a segment is heard as its last segment and a history of those before it, and the prompt
names each of them, as it names the frames of a video.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.media import split_segments
from unio.schema import AudioGeometry, Example, Geometry

__all__ = ["HeardSegments", "Segment", "check_history", "heard_segments", "name_segments"]

Segment = Float[np.ndarray, " samples"]

CURRENT = "<audio_input>"


@dataclass(frozen=True, kw_only=True, eq=False)
class HeardSegments:
    """The segments of an example's sounds: ``current`` one or none, ``history`` those before it, in order."""

    history: list[Segment]
    current: list[Segment]


def heard_segments(example: Example, geometry: AudioGeometry) -> HeardSegments:
    """All segments of the sounds going in. Raises ``InputError`` for a sound at another sample rate."""
    history = [segment for sound in example.audio_history for segment in split_segments(sound, geometry)]
    if example.audio is None:
        return HeardSegments(history=history, current=[])
    *earlier, current = split_segments(example.audio, geometry)
    return HeardSegments(history=[*history, *earlier], current=[current])


def check_history(example: Example, geometry: Geometry) -> HeardSegments:
    """The segments, if the model has room for them and for the frames. Raises ``InputError``."""
    most_frames, most_segments = geometry.image.history_frames, geometry.audio.history_segments
    if len(example.image_history) > most_frames:
        raise InputError(
            "picture history too long",
            got=f"{len(example.image_history)} frames",
            expected=f"at most {most_frames}",
            fix="leave the earliest frames out",
        )
    heard = heard_segments(example, geometry.audio)
    if len(heard.history) > most_segments:
        audio = geometry.audio
        seconds = audio.segment_samples / audio.sample_rate
        found = len(heard.history) + len(heard.current)
        raise InputError(
            "the sound is longer than the model hears",
            got=f"{found} segments of {seconds:.2f} s",
            expected=f"at most {most_segments + 1}, {(most_segments + 1) * seconds:.1f} s together",
            fix="cut a part out of it",
        )
    return heard


def name_segments(prompt: str, *, history: int) -> str:
    """The prompt with the missing pieces of ``history`` sounds before that of the current one.

    Example::

        name_segments("[Text] [S] What is heard? <audio_input>", history=2)
        # "[Text] [S] What is heard? <audio_history_1> <audio_history_2> <audio_input>"
    """
    pieces = (f"<audio_history_{number}>" for number in range(1, history + 1))
    missing = [piece for piece in pieces if piece not in prompt]
    return prompt.replace(CURRENT, " ".join([*missing, CURRENT]), 1)
