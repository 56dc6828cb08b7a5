"""JSONL of conversations and their media: what `unio.data.sources.conversations` reads as families.

Layout::

    lines/00000.jsonl           one line an example, its media named relative to the folder
    media/00000/000000.png      a picture is written once, however many lines show it

A line names its family, so that reading gives the same record: words, boxes and points to the last digit,
pictures to the last bit, sounds to 16 bits.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from unio.core import ConfigError
from unio.data.sources.playroom import PlayroomSource
from unio.data.writers.pictures import encode_png
from unio.data.writers.run_lengths import run_lengths
from unio.data.writers.shards import Plan
from unio.media import encode_audio, write_whole

__all__ = ["WRITTEN_FAMILIES", "ConversationShards"]

Record = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Said:
    """A line but for its media: what is asked and answered, and the objects spoken of."""

    question: str
    answer: str
    objects: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _boxes(record: Record, *names: str) -> list[list[float]]:
    """Boxes y1 x1 y2 x2 as x1 y1 x2 y2."""
    rows = np.concatenate([np.asarray(record[name], np.float64).reshape(-1, 4) for name in names])
    return rows[:, [1, 0, 3, 2]].tolist()


def _named(record: Record, name: str, box: str) -> dict[str, Any]:
    return {"ref": [record[name]], "bbox": _boxes(record, box)}


_LINES: Mapping[str, Callable[[Record], _Said]] = {
    "caption": lambda one: _Said(question="<image>Describe the picture.", answer=one["caption"]),
    "vqa": lambda one: _Said(question=f"<image>{one['question']}", answer=one["answer"]),
    "tag": lambda one: _Said(question="<image>What is in the picture?", answer=", ".join(one["tags"])),
    "region_class": lambda one: _Said(
        question="<image>What is in the box?", answer=one["label"], objects={"bbox": _boxes(one, "box")}
    ),
    "detect": lambda one: _Said(
        question="<image>Find everything.",
        answer="Here.",
        objects={"ref": list(one["labels"]), "bbox": _boxes(one, "boxes")},
    ),
    "refer": lambda one: _Said(
        question=f"<image>Where is {one['expression']}?",
        answer="Here.",
        objects=_named(one, "expression", "box"),
    ),
    "segment": lambda one: _Said(
        question=f"<image>Mark {one['expression']}.",
        answer="Here.",
        objects={"ref": [one["expression"]], "mask": [run_lengths(one["mask"])]},
    ),
    "image_from_text": lambda one: _Said(question=one["description"], answer="<image>"),
    "image_edit": lambda one: _Said(question=f"<image>{one['instruction']}", answer="<image>"),
    "audio_tag": lambda one: _Said(question="<audio>What is this?", answer=", ".join(one["tags"])),
    "audio_caption": lambda one: _Said(question="<audio>Describe the sound.", answer=one["caption"]),
    "audio_from_text": lambda one: _Said(question=one["description"], answer="<audio>"),
}

WRITTEN_FAMILIES = tuple(_LINES)
"""The families whose lines can be written."""

_PICTURES, _SOUNDS = ("image", "picture"), ("audio", "sound")


@dataclass(frozen=True, kw_only=True)
class ConversationShards:
    """One line a family and scene."""

    source: PlayroomSource
    families: tuple[str, ...] = WRITTEN_FAMILIES
    seed: int = 0

    def __post_init__(self) -> None:
        unknown = [name for name in self.families if name not in _LINES]
        if unknown or not self.families:
            raise ConfigError(
                "no line can be written for this family",
                got=unknown[0] if unknown else "no family",
                expected=f"one of {', '.join(WRITTEN_FAMILIES)}",
            )

    def marker(self, shard: int) -> str:
        """The lines."""
        return f"lines/{shard:05d}.jsonl"

    def write(self, folder: Path, shard: int, numbers: range) -> None:
        """The media, then the lines that name them."""
        media = _Media(folder, f"media/{shard:05d}")
        lines: list[str] = []
        for number in numbers:
            for family in self.families:
                record = self.source.record(family, self.seed, number)
                lines.append(json.dumps(_line(family, record, media)))
        write_whole(folder / self.marker(shard), ("\n".join(lines) + "\n").encode())

    def finish(self, folder: Path, plan: Plan) -> None:
        """Nothing: lines speak for themselves."""

    def settings(self) -> dict[str, Any]:
        """Source, families and seed."""
        return {
            "format": "conversations",
            "source": asdict(self.source),
            "families": list(self.families),
            "seed": self.seed,
        }

    def builder(self, plan: Plan) -> dict[str, Any]:
        """Reads all lines."""
        files: Sequence[str] = [self.marker(shard) for shard in range(plan.shards)]
        return {
            "name": "playroom_conversations",
            "title": f"{plan.count} scenes of the playroom as conversations of {len(self.families)} families",
            "licence": "Apache-2.0, as unio itself",
            "get": "unio playroom render --format jsonl",
            "folder": "lines/, media/",
            "reader": {"kind": "conversations", "files": files},
        }


class _Media:
    """Files of one shard's media, each written once."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._known: dict[str, str] = {}

    def add(self, content: bytes, suffix: str) -> str:
        """The name of the file that holds ``content``."""
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._known:
            name = f"{self._name}/{len(self._known):06d}{suffix}"
            write_whole(self._folder / name, content)
            self._known[digest] = name
        return self._known[digest]


def _line(family: str, record: Record, media: _Media) -> dict[str, Any]:
    said = _LINES[family](record)
    turns = [{"role": "user", "content": said.question}, {"role": "assistant", "content": said.answer}]
    line: dict[str, Any] = {"messages": turns}
    pictures = [media.add(encode_png(record[name]), ".png") for name in _PICTURES if name in record]
    sounds = [media.add(encode_audio(record[name]), ".wav") for name in _SOUNDS if name in record]
    if pictures:
        line["images"] = pictures
    if sounds:
        line["audios"] = sounds
    if said.objects:
        line["objects"] = said.objects
    return {**line, "task": family}
