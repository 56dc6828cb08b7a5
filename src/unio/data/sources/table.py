"""Rows whose columns are a family's fields under other names: Parquet, JSONL, Hugging Face ``datasets``.

Example: a table of pictures and sentences, as ``caption`` and as ``image_from_text``::

    reader:
      kind: table
      files: ["data/train-*.parquet"]
      tasks:
        caption: {image: image, caption: text}          field of the family: column of the table
        image_from_text: {picture: image, description: text}
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from pydantic import Field

from unio.core import Config, ConfigError, InputError, MissingExtraError
from unio.data.sources.captioned import completed
from unio.data.sources.media_values import media_source, read_picture, read_sound
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.sources.rows import AnyRows, open_rows
from unio.data.sources.video_fields import listens, video_fields

__all__ = ["HuggingFace", "Table", "table_reader"]

PICTURES = frozenset({"image", "picture"})
SOUNDS = frozenset({"audio", "sound"})
TUPLES = frozenset({"tags", "options", "facts", "holding"})
BOXES = frozenset({"box", "boxes", "first_box", "points", "point", "action", "steps"})

TaskColumns = dict[str, dict[str, str]]


class Table(Config):
    """Parquet or JSONL files."""

    kind: Literal["table"] = Field(description="This format.")
    files: tuple[str, ...] = Field(
        min_length=1, description="Files, or patterns such as data/train-*.parquet."
    )
    tasks: TaskColumns = Field(min_length=1, description="Family -> its field -> the table's column.")

    def open(self, folder: Path) -> Reader:
        """Open the files. Raises ``InputError`` for a pattern without file or a broken file."""
        parts = [open_rows(path) for pattern in self.files for path in match_files(folder, pattern)]
        return table_reader(
            Joined(parts), self.tasks, name=self.files[0], folder=folder, place=Joined(parts).place
        )


class HuggingFace(Config):
    """A data set that ``datasets.load_from_disk`` or ``load_dataset`` opens; no code of it is run."""

    kind: Literal["hugging_face"] = Field(description="This format.")
    split: str = Field(default="train", description="Its split.")
    tasks: TaskColumns = Field(min_length=1, description="Family -> its field -> the data set's column.")

    def open(self, folder: Path) -> Reader:
        """Open a folder written by ``save_to_disk``, or one of data files that ``load_dataset`` knows."""
        try:
            import datasets  # pyright: ignore[reportMissingImports]
        except ImportError as error:
            raise MissingExtraError("datasets", extra="hugging-face") from error
        module = cast(Any, datasets)
        try:
            if (folder / "dataset_info.json").exists() or (folder / "dataset_dict.json").exists():
                opened = module.load_from_disk(str(folder))
                rows = opened[self.split] if hasattr(opened, "keys") else opened
            else:
                rows = module.load_dataset(str(folder), split=self.split)
        except (OSError, ValueError, KeyError) as error:
            raise InputError(f"datasets cannot open {folder}", got=str(error)[:120]) from error
        return table_reader(
            rows,
            self.tasks,
            name=folder.name,
            folder=folder,
            place=_RowPlace(folder.name),
        )


def match_files(folder: Path, pattern: str) -> list[Path]:
    """Files of ``folder`` that a pattern names, sorted; never outside it."""
    if pattern.startswith("/") or ".." in Path(pattern).parts or ":" in pattern:
        raise InputError(
            "a pattern leads out of the data set's folder", got=repr(pattern), expected="a relative pattern"
        )
    found = sorted(path for path in folder.glob(pattern) if path.is_file())
    if not found:
        raise InputError(f"{folder} has no {pattern}", fix="see the builder's `folder` for what it expects")
    return found


@dataclass(frozen=True)
class _RowPlace:
    name: str

    def __call__(self, number: int) -> str:
        return f"{self.name} row {number + 1}"


class Joined:
    """Several files' rows as one sequence."""

    def __init__(self, parts: Sequence[AnyRows]) -> None:
        self.parts = parts
        self.sizes = tuple(len(part) for part in parts)
        self._starts = list(accumulate(self.sizes, initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, number: int) -> dict[str, Any]:
        part, index = self.at(number)
        return part[index]

    def at(self, number: int) -> tuple[AnyRows, int]:
        """The file of a row, and its number in it."""
        file = bisect_right(self._starts, number) - 1
        return self.parts[file], number - self._starts[file]

    def place(self, number: int) -> str:
        """Where a row stands."""
        part, index = self.at(number)
        return part.place(index)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Rows:
    """Makes the records of one family."""

    task: str
    columns: Mapping[str, str]
    rows: Any
    folder: Path | None

    def __call__(self, number: int, rng: np.random.Generator) -> Record:
        row: Mapping[str, Any] = self.rows[number]
        fields: Record = {}
        for field, column in self.columns.items():
            if column not in row:
                raise InputError(f"no column {column!r}", got=", ".join(row), fix=f"see tasks.{self.task}")
            fields |= self._field(field, row[column], rng)
        return completed(self.task, fields)

    def _field(self, field: str, value: Any, rng: np.random.Generator) -> Record:
        if value is None:
            raise InputError(f"{field!r} is empty")
        if field == "video":
            source = media_source(value, folder=self.folder, what="video")
            return video_fields(source, rng=rng, with_sound=listens(self.task))
        if field in PICTURES:
            return {field: read_picture(value, folder=self.folder)}
        if field == "image_history":
            return {field: tuple(read_picture(one, folder=self.folder) for one in value)}
        if field in SOUNDS:
            return {field: read_sound(value, folder=self.folder)}
        if field in TUPLES:
            return {field: tuple(str(one) for one in value)}
        if field in BOXES and not isinstance(value, str):  # `navigate` has a word for its action
            return {field: np.asarray(value, np.float64)}
        if isinstance(value, list):  # several captions or answers: one of them
            if not value:
                raise InputError(f"{field!r} is empty")
            value = cast(list[Any], value)[int(rng.integers(len(cast(list[Any], value))))]
        return {field: str(value).strip()}


def table_reader(
    rows: Any, tasks: Mapping[str, Mapping[str, str]], *, name: str, folder: Path | None, place: Any
) -> Reader:
    """A reader over rows of any kind that have a length and are got by number.

    Raises ``ConfigError`` for a family without columns.
    """
    for task, columns in tasks.items():
        if not columns:
            raise ConfigError(f"tasks.{task} names no column", expected="field: column")
    sizes: tuple[int, ...] = getattr(rows, "sizes", ())
    return Reader(
        name=name,
        shelves={
            task: Shelf(
                entries=range(len(rows)),
                record=_Rows(task=task, columns=columns, rows=rows, folder=folder),
                place=place,
                sizes=sizes if len(sizes) > 1 else (),
            )
            for task, columns in tasks.items()
        },
    )
