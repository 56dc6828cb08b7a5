"""Rows of JSONL, JSON, CSV, YAML and Parquet files, by number: data, never code.

JSONL is one JSON object a line; the file's line starts are found once, and a line is parsed when it is asked
for. JSON, CSV and YAML files are read whole. Parquet is read row group by row group with pyarrow (the extra
``data``).
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, cast, overload

from unio.core import InputError, MissingExtraError
from unio.data.sources.files import CsvLayout, read_csv, read_json, read_yaml, rows_of

__all__ = ["AnyRows", "JsonLines", "ParquetRows", "RowList", "open_rows"]

MAX_LINE_BYTES = 64 << 20
"""A longer line is no conversation; media lie in files of their own."""


def open_rows(path: Path, *, at: str | None = None, layout: CsvLayout | None = None) -> "AnyRows":
    """The rows of a JSONL, JSON, CSV, TSV, YAML or Parquet file.

    ``at`` says where in a JSON or YAML file they lie (``data.dialogs``; None: the file is the list);
    ``layout`` how a CSV file is written. A JSON file of one object a line is read as JSONL. Raises
    ``InputError`` for another suffix, or a file that cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson") or (suffix == ".json" and at is None and _is_lines(path)):
        return JsonLines(path)
    if suffix == ".parquet":
        return ParquetRows(path)
    if suffix == ".json":
        return RowList(path, _rows_at(read_json(path), at, path))
    if suffix in (".yaml", ".yml"):
        return RowList(path, _rows_at(read_yaml(path), at, path))
    if suffix in (".csv", ".tsv"):
        layout = layout or CsvLayout(delimiter="\t" if suffix == ".tsv" else ",")
        return RowList(path, read_csv(path, columns=(), layout=layout), first=1 if layout.header else 2)
    raise InputError(
        f"cannot read rows of {path.name}",
        got=suffix or "no suffix",
        expected=".jsonl, .json, .csv, .tsv, .yaml or .parquet",
    )


def _is_lines(path: Path) -> bool:
    """Whether a JSON file holds one object a line, which many data sets call JSON."""
    try:
        with path.open("rb") as file:
            first = file.readline(MAX_LINE_BYTES)
            following = file.readline(2)
        return first.startswith(b"{") and following.startswith(b"{") and bool(json.loads(first))
    except (OSError, ValueError, RecursionError):
        return False  # reading it tells what is wrong


def _rows_at(value: Any, at: str | None, path: Path) -> list[Any]:
    """The rows at a dotted place; of an object of objects its items, each with its name as ``key``."""
    found = value
    for step in at.split(".") if at else ():
        if not isinstance(found, dict) or step not in found:
            raise InputError(f"{path.name} has no {at!r}", got=f"no {step!r}", expected="a list of rows")
        found = cast(dict[str, Any], found)[step]
    if isinstance(found, dict) and found:
        items = cast(dict[str, Any], found)
        if all(isinstance(one, dict) for one in items.values()):
            return [{"key": key, **one} for key, one in items.items()]
    return rows_of(found, None, path=path, needs=())


class JsonLines(Sequence[dict[str, Any]]):
    """A JSONL file; blank lines are passed over but counted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._starts: list[int] = []
        self._numbers: list[int] = []
        try:
            with path.open("rb") as file:
                at = 0
                for number, line in enumerate(file, start=1):
                    if line.strip():
                        self._starts.append(at)
                        self._numbers.append(number)
                    at += len(line)
        except OSError as error:
            raise InputError(f"cannot read {path}", got=error.strerror, expected="a JSONL file") from error

    def __len__(self) -> int:
        return len(self._starts)

    def place(self, index: int) -> str:
        """Where a row stands: ``train.jsonl line 7``."""
        return f"{self.path.name} line {self._numbers[index]}"

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """The object on a line. Raises ``InputError`` for a broken line, or one that holds no object."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        with self.path.open("rb") as file:
            file.seek(self._starts[index])
            line = file.readline(MAX_LINE_BYTES + 1)
        if len(line) > MAX_LINE_BYTES:
            raise InputError("the line is too long", expected=f"at most {MAX_LINE_BYTES:,} bytes")
        try:
            value: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError("the line is not valid JSON", got=str(error)[:120]) from error
        if not isinstance(value, dict):
            raise InputError("the line holds no object", got=type(value).__name__, expected="{...}")
        return cast(dict[str, Any], value)


class RowList(Sequence[dict[str, Any]]):
    """The rows of a file that is read whole: a JSON list, as LLaVA's are, a CSV or YAML file.

    ``first`` is the line of the first row, where each has one of its own.
    """

    def __init__(self, path: Path, rows: Sequence[Any], *, first: int | None = None) -> None:
        self.path = path
        self._rows = rows
        self._first = first

    def __len__(self) -> int:
        return len(self._rows)

    def place(self, index: int) -> str:
        """Where a row stands: ``train.json entry 7``, counted from 1, or ``train.csv line 8``."""
        if self._first is None:
            return f"{self.path.name} entry {index + 1}"
        return f"{self.path.name} line {index + self._first}"

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """The object. Raises ``InputError`` where the list holds something else."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        row: object = self._rows[index]
        if not isinstance(row, dict):
            raise InputError("the entry is no object", got=type(row).__name__, expected="{...}")
        return cast(dict[str, Any], row)


class ParquetRows(Sequence[dict[str, Any]]):
    """A Parquet file; the last row groups read are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        file = _parquet_file(path)
        self._written = path.stat().st_mtime_ns
        sizes = [int(file.metadata.row_group(group).num_rows) for group in range(file.num_row_groups)]
        self.columns: tuple[str, ...] = tuple(str(name) for name in file.schema_arrow.names)
        self._ends = list(accumulate(sizes))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def place(self, index: int) -> str:
        """Where a row stands: ``train.parquet row 7``, counted from 1."""
        return f"{self.path.name} row {index + 1}"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for index in range(len(self)):
            yield self[index]

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """The row as plain values: bytes stay bytes."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        group = bisect_right(self._ends, index)
        begin = self._ends[group - 1] if group else 0
        return dict(_row_group(self.path, self._written, group)[index - begin])


AnyRows = JsonLines | ParquetRows | RowList


@lru_cache(maxsize=4)
def _row_group(path: Path, written: int, group: int) -> list[dict[str, Any]]:
    del written  # part of the key: a file that was written anew is read anew
    try:
        return _parquet_file(path).read_row_group(group).to_pylist()
    except Exception as error:  # pyarrow raises many kinds for broken pages
        raise InputError(f"{path.name} is broken", got=str(error)[:120], expected="a Parquet file") from error


def _parquet_file(path: Path) -> Any:
    try:
        import pyarrow  # pyright: ignore[reportMissingTypeStubs]
        from pyarrow import parquet  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra="data") from error
    try:
        return cast(Any, parquet).ParquetFile(path)
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror or str(error)[:100]) from error
    except cast(type[Exception], cast(Any, pyarrow).ArrowInvalid) as error:
        raise InputError(f"{path.name} is broken", got=str(error)[:120], expected="a Parquet file") from error
