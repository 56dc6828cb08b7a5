"""Files of conversations as records, of ``converse`` or of the family that a conversation names.

Layout::

    train.jsonl      a conversation a line (or a .json list, or .parquet)
    ..               media, by names relative to the file's folder
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from unio.core import Config, InputError, UnioError
from unio.data.sources.conversations.families import FAMILIES, family_record
from unio.data.sources.conversations.line import MediaKind, read_conversation
from unio.data.sources.conversations.parts import Parts, answer_kind, read_parts
from unio.data.sources.files import find_file
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.sources.rows import AnyRows, open_rows
from unio.data.tasks import TASKS

__all__ = ["FREE", "Conversations", "Problem", "find_problems"]

FREE: dict[MediaKind | None, str] = {None: "converse", "image": "converse_image", "audio": "converse_audio"}
"""The family of a conversation that names none, by what its answer is."""


class Conversations(Config):
    """JSONL, JSON or Parquet of conversations."""

    kind: Literal["conversations"] = Field(description="This format.")
    files: tuple[str, ...] = Field(
        min_length=1, description="The files; media are named relative to the folder."
    )
    media: str | None = Field(default=None, description="Folder of the media; None: the folder itself.")
    broken: Literal["stop", "skip"] = Field(
        default="stop", description="What to do about a line that is no conversation; see 'unio data check'."
    )

    def open(self, folder: Path) -> Reader:
        """Look at every line. Raises ``InputError`` naming the first bad one, unless they are skipped."""
        base = folder if self.media is None else find_file(folder, self.media)
        entries: dict[str, list[_Entry]] = {}
        for name in self.files:
            rows = open_rows(find_file(folder, name))
            for index in range(len(rows)):
                try:
                    found = _row_entries(rows, index, base)
                except UnioError as error:
                    if self.broken == "stop":
                        raise InputError(
                            f"{rows.place(index)}: {error}", fix="'unio data check FILE' lists all such lines"
                        ) from error
                    continue
                for entry in found:
                    entries.setdefault(entry.task, []).append(entry)
        return Reader(
            name=self.files[0],
            shelves={
                task: Shelf(entries=listed, record=_record, place=_place) for task, listed in entries.items()
            },
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """A row that cannot be used, and why."""

    place: str
    reason: str


def find_problems(path: Path, *, media: Path | None = None) -> Iterator[Problem]:
    """Every row of a file of conversations that no example can be made of, with its place and the reason.

    Media are read and prompts composed, as in training. Raises ``InputError`` for a file that cannot be read
    at all.
    """
    rows = open_rows(path)
    rng = np.random.default_rng(0)
    for index in range(len(rows)):
        try:
            for entry in _row_entries(rows, index, media or path.parent):
                TASKS.get(entry.task).example(_record(entry, rng), rng)
        except UnioError as error:
            yield Problem(place=rows.place(index), reason=str(error))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Entry:
    rows: AnyRows
    index: int
    answer: int
    task: str
    base: Path


def _row_entries(rows: AnyRows, index: int, base: Path) -> list[_Entry]:
    conversation = read_conversation(rows[index])
    answers = conversation.answers
    if conversation.task is not None:
        TASKS.get(conversation.task)
        if conversation.task not in FAMILIES:
            raise InputError(
                f"conversations are not read as {conversation.task!r}",
                expected=f"one of {', '.join(FAMILIES)}",
            )
        return [_Entry(rows=rows, index=index, answer=answers[-1], task=conversation.task, base=base)]
    kinds: list[MediaKind | None] = [answer_kind(conversation.turns[at]) for at in answers]
    return [
        _Entry(rows=rows, index=index, answer=at, task=FREE[kind], base=base)
        for at, kind in zip(answers, kinds, strict=True)
    ]


def _record(entry: _Entry, rng: np.random.Generator) -> Record:
    conversation = read_conversation(entry.rows[entry.index])
    parts = read_parts(conversation, entry.answer, folder=entry.base, rng=rng)
    if conversation.task is not None:
        return family_record(conversation.task, conversation, parts, folder=entry.base)
    return {"prompt": parts.prompt, **parts.streams(), "answer": _answer(parts)}


def _answer(parts: Parts) -> object:
    if parts.picture is not None:
        return parts.picture
    if parts.sound is not None:
        return parts.sound
    if not parts.answer:
        raise InputError("an empty answer")
    return parts.answer


def _place(entry: _Entry) -> str:
    return entry.rows.place(entry.index)
