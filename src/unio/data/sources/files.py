"""Files of a data set's folder: never outside it, never code, and every failure told with its place."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast

import yaml

from unio.core import InputError

__all__ = [
    "IMAGE_SUFFIXES",
    "CsvLayout",
    "check_columns",
    "find_file",
    "inside",
    "read_csv",
    "read_json",
    "read_yaml",
    "rows_of",
]

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})

MAX_JSON_BYTES = 4 << 30
"""Visual Genome's largest file is near 1 GB; a larger JSON is not a data set's."""


def inside(folder: Path, name: str) -> Path:
    """The file ``name`` in ``folder``. Raises ``InputError`` for a name that leads out of it.

    Names come from data (a JSON field, a tar member), so absolute names, ``..`` and links that lead
    elsewhere are refused, not followed.
    """
    pure = PurePosixPath(name.replace("\\", "/"))
    if (
        not name
        or "\0" in name
        or pure.is_absolute()
        or ".." in pure.parts
        or ":" in (pure.parts or ("",))[0]
    ):
        raise InputError(
            "a file name leads out of the data set's folder",
            got=repr(name)[:80],
            expected="a relative name without '..'",
        )
    path = folder / Path(*pure.parts)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            "a link leads out of the data set's folder", got=repr(name)[:80], fix="copy the file into it"
        )
    return path


def find_file(folder: Path, name: str) -> Path:
    """The existing file or folder ``name`` in ``folder``; ``InputError`` says what is missing where."""
    path = inside(folder, name)
    if not path.exists():
        raise InputError(f"{folder} has no {name}", fix="see the builder's `folder` for what it expects")
    return path


def read_json(path: Path) -> Any:
    """The value in a JSON file. Raises ``InputError`` for a missing, huge or broken one."""
    try:
        size = path.stat().st_size
        if size > MAX_JSON_BYTES:
            raise InputError(f"{path} is too large", got=f"{size:,} bytes", expected=f"{MAX_JSON_BYTES:,}")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror, expected="a JSON file") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid JSON", got=str(error)[:120]) from error


def rows_of(value: Any, key: str | None, *, path: Path, needs: Sequence[str]) -> list[dict[str, Any]]:
    """The list of objects at ``key`` of a JSON value (the value itself where ``key`` is None).

    Raises ``InputError`` where it is missing, no list, or an object lacks one of ``needs``.
    """
    where = f"{path.name}" if key is None else f"{path.name}: {key!r}"
    rows: object = (
        value if key is None else (cast(dict[str, Any], value).get(key) if isinstance(value, dict) else None)
    )
    if not isinstance(rows, list):
        raise InputError(f"{where} is no list", got=type(rows).__name__, expected="a list of objects")
    for number, row in enumerate(cast(list[Any], rows)):
        missing = [name for name in needs if not isinstance(row, dict) or name not in row]
        if missing:
            raise InputError(f"{where}, entry {number} has no {missing[0]!r}", expected=", ".join(needs))
    return cast(list[dict[str, Any]], rows)


def read_yaml(path: Path) -> Any:
    """The plain value in a YAML file; no tag of it makes an object. Raises ``InputError``."""
    try:
        return yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror, expected="a YAML file") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not plain YAML", got=" ".join(str(error).split())[:120]) from error


@dataclass(frozen=True, kw_only=True)
class CsvLayout:
    """How a CSV file is written; ``header`` names the columns of one without a header line."""

    delimiter: str = ","
    quoted: bool = True
    header: tuple[str, ...] = ()


def read_csv(path: Path, *, columns: Sequence[str], layout: CsvLayout | None = None) -> list[dict[str, str]]:
    """The rows of a CSV file. Raises ``InputError`` for a missing file or column."""
    layout = layout or CsvLayout()
    quoting = csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(
                file,
                fieldnames=layout.header or None,
                delimiter=layout.delimiter,
                quoting=quoting,
                skipinitialspace=True,
            )
            check_columns(path, reader.fieldnames or (), columns)
            rows = list(reader)
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror, expected="a CSV file") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid CSV", got=str(error)[:120]) from error
    for number, row in enumerate(rows, start=1 if layout.header else 2):
        if any(row[name] is None for name in columns):  # pyright: ignore[reportUnnecessaryComparison]
            raise InputError(f"{path.name} line {number} has too few columns", expected=", ".join(columns))
    return rows


def check_columns(path: Path, found: Sequence[str], wanted: Sequence[str]) -> None:
    """Raise ``InputError`` unless a table has all the columns ``wanted``."""
    missing = [name for name in wanted if name not in found]
    if missing:
        raise InputError(
            f"{path.name} has no column {missing[0]!r}",
            got=", ".join(found) or "no header",
            expected=", ".join(wanted),
        )
