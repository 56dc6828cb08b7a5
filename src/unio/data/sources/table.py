"""Rows whose columns are a family's fields under other names: Parquet, JSONL, Hugging Face ``datasets``.

Example: a table of pictures and sentences, as ``caption`` and as ``image_from_text``::

    reader:
      kind: table
      files: ["data/train-*.parquet"]
      tasks:
        caption: {image: image, caption: text}          field of the family: column of the table
        image_from_text: {picture: image, description: text}

Values deeper in a row are named by paths (`unio.data.sources.row_values`).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from pydantic import Field

from unio.core import Config, ConfigError, InputError, MissingExtraError
from unio.data.sources.captioned import completed
from unio.data.sources.file_rows import FileRows
from unio.data.sources.files import CsvLayout
from unio.data.sources.match_files import match_files
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.sources.row_fields import FieldFormats, read_field
from unio.data.sources.row_values import find_value
from unio.data.sources.rows import AnyRows, open_rows
from unio.data.sources.split_text import split_text

__all__ = ["HuggingFace", "Table", "table_reader"]

TaskColumns = dict[str, dict[str, str]]


class Table(Config):
    """Rows of Parquet, JSONL, JSON, CSV or YAML files, or of the files themselves."""

    kind: Literal["table"] = Field(description="This format.")
    files: tuple[str, ...] = Field(
        min_length=1, description="Files, or patterns such as data/train-*.parquet."
    )
    rows: str | None = Field(
        default=None, description="Where in a JSON file they lie, such as data.dialogs; None: it is the list."
    )
    match: str | None = Field(
        default=None,
        description="Regular expression of file names: each file is a row of its named groups and 'file'.",
    )
    header: tuple[str, ...] = Field(default=(), description="Columns of a CSV file without a line of them.")
    delimiter: str | None = Field(
        default=None, min_length=1, max_length=1, description="What parts the columns of a CSV file."
    )
    where: dict[str, str] = Field(
        default_factory=dict[str, str], description="Only rows whose column has this value: {split: train}."
    )
    formats: FieldFormats = Field(default_factory=FieldFormats, description="How its values are written.")
    tasks: TaskColumns = Field(
        min_length=1, description="Family -> its field -> the table's column, or a path or text of columns."
    )

    def open(self, folder: Path) -> Reader:
        """Open the files. Raises ``InputError`` for a pattern without file or a broken file."""
        paths = [path for pattern in self.files for path in match_files(folder, pattern)]
        layout = None
        if self.delimiter or self.header:
            layout = CsvLayout(delimiter=self.delimiter or ",", header=self.header)
        if self.match is None:
            joined = Joined([open_rows(path, at=self.rows, layout=layout) for path in paths])
        else:
            joined = Joined([FileRows(folder, paths, self.match)])
        return table_reader(
            joined,
            self.tasks,
            name=self.files[0],
            folder=folder,
            place=joined.place,
            formats=self.formats,
            where=self.where,
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


@dataclass(frozen=True)
class _RowPlace:
    name: str

    def __call__(self, number: int) -> str:
        return f"{self.name} row {number + 1}"


class Joined:
    """Several files' rows as one sequence."""

    def __init__(self, parts: "Sequence[AnyRows | FileRows]") -> None:
        self.parts = parts
        self.sizes = tuple(len(part) for part in parts)
        self._starts = list(accumulate(self.sizes, initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, number: int) -> dict[str, Any]:
        part, index = self.at(number)
        return part[index]

    def at(self, number: int) -> "tuple[AnyRows | FileRows, int]":
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
    formats: FieldFormats = field(default_factory=FieldFormats)

    def __call__(self, number: int, rng: np.random.Generator) -> Record:
        row: Mapping[str, Any] = self.rows[number]
        draw = rng.random() if any("?" in path for path in self.columns.values()) else 0.0
        fields: Record = {}
        for name, path in self.columns.items():
            try:
                value = find_value(row, path, draw=draw)
            except InputError as error:
                raise InputError(str(error), fix=f"see tasks.{self.task}") from error
            fields |= read_field(self.task, name, value, folder=self.folder, formats=self.formats, rng=rng)
        if self.task == "continue_text" and "continuation" not in fields:
            return split_text(str(fields["text"]), rng)
        return completed(self.task, fields)


def table_reader(
    rows: Any,
    tasks: Mapping[str, Mapping[str, str]],
    *,
    name: str,
    folder: Path | None,
    place: Any,
    formats: FieldFormats | None = None,
    where: Mapping[str, str] | None = None,
) -> Reader:
    """A reader over rows of any kind that have a length and are got by number.

    Raises ``ConfigError`` for a family without columns, ``InputError`` if ``where`` leaves no row.
    """
    for task, columns in tasks.items():
        if not columns:
            raise ConfigError(f"tasks.{task} names no column", expected="field: column")
    sizes: tuple[int, ...] = getattr(rows, "sizes", ())
    entries: Sequence[int] = range(len(rows))
    if where:
        entries = [number for number in entries if _is_wanted(rows[number], where)]
        if not entries:
            raise InputError(f"{name} has no row where {dict(where)}", got=f"{len(rows)} others")
        ends = np.cumsum(sizes)
        counts = np.bincount(np.searchsorted(ends, entries, side="right"), minlength=len(sizes))
        sizes = tuple(int(count) for count in counts if count)
    return Reader(
        name=name,
        shelves={
            task: Shelf(
                entries=entries,
                record=_Rows(
                    task=task, columns=columns, rows=rows, folder=folder, formats=formats or FieldFormats()
                ),
                place=place,
                sizes=sizes if len(sizes) > 1 else (),
            )
            for task, columns in tasks.items()
        },
    )


def _is_wanted(row: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    return all(str(find_value(row, path, draw=0.0)) == value for path, value in where.items())
