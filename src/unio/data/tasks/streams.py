"""The media of a record by stream, whichever way a task takes them, and the answers it offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unio.data.tasks.inputs import InputSpec
from unio.schema import Picture, Waveform

__all__ = ["Streams", "gather_streams"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Streams:
    """What goes into the model's streams beside the text; ``choices`` are the answers offered."""

    image: Picture | None = None
    image_history: tuple[Picture, ...] = ()
    audio: Waveform | None = None
    audio_history: tuple[Waveform, ...] = ()
    choices: tuple[str, ...] = ()


def gather_streams(specs: Sequence[InputSpec], record: Mapping[str, Any]) -> Streams:
    """The streams that ``specs`` name. Raises ``KeyError`` for a field the record ought to have.

    A video is in the record as its last frame ``image``, its earlier frames ``image_history`` and, where
    the task listens to it, the sound of the last part ``audio`` and those before it ``audio_history``.
    """
    found: dict[str, Any] = {}
    for spec in specs:
        if spec.kind == "video":
            found["image"] = record["image"]
            found["image_history"] = tuple(record.get("image_history", ()))
            if spec.with_sound:
                found["audio"] = record.get("audio")
                found["audio_history"] = tuple(record.get("audio_history", ()))
        elif spec.kind == "images":
            found["image_history"] = tuple(record.get(spec.name, ()) if spec.optional else record[spec.name])
        elif spec.kind in ("image", "audio"):
            found[spec.kind] = record.get(spec.name) if spec.optional else record[spec.name]
        elif spec.kind == "options":
            found["choices"] = tuple(record["options"])
    return Streams(**found)
