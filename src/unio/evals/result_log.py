"""The scores of single examples, appended to a file one by one, so that a stopped evaluation goes on.

The first line says which evaluation it is; a file of another evaluation is refused, never mixed in.
A last line cut short by a crash is dropped when the file is opened again.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from unio.core import InputError

__all__ = ["ExampleResult", "ResultLog"]


@dataclass(frozen=True, kw_only=True)
class ExampleResult:
    """One answered example: its place in its family, its scores, and its share of the batch's seconds."""

    task: str
    index: int
    scores: dict[str, float]
    seconds: float


class ResultLog:
    """The results of one evaluation, in memory and, with a ``path``, in a JSON-lines file.

    Example of the file::

        {"evaluation": {"model": "unio-nano", "split": "test", "seed": 0, "batch_size": 8}}
        {"task": "vqa", "index": 0, "scores": {"accuracy": 1.0}, "seconds": 0.04}

    ``identity`` holds what must be equal for two runs to be the same evaluation. Raises `InputError`
    if the file is of another evaluation or is not such a file, `OSError` if it cannot be written.
    """

    def __init__(self, path: Path | None, *, identity: Mapping[str, Any]) -> None:
        self.path = path
        self._identity = dict(identity)
        self._results: dict[tuple[str, int], ExampleResult] = {}
        if path is None:
            return
        if path.exists() and path.stat().st_size:
            self._read(path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"evaluation": self._identity}) + "\n", encoding="utf-8")

    def __contains__(self, key: tuple[str, int]) -> bool:
        return key in self._results

    def results(self, task: str) -> list[ExampleResult]:
        """All results of ``task``, by index."""
        return sorted((row for row in self._results.values() if row.task == task), key=lambda row: row.index)

    def append(self, rows: Iterable[ExampleResult]) -> None:
        """Add the rows that are not there yet; they are on the disk when this returns."""
        fresh = [row for row in rows if (row.task, row.index) not in self]
        self._results.update({(row.task, row.index): row for row in fresh})
        if self.path is None or not fresh:
            return
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(row)) + "\n" for row in fresh)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, path: Path) -> None:
        whole = path.read_bytes()
        kept = whole[: whole.rfind(b"\n") + 1]
        lines = kept.decode("utf-8", errors="replace").splitlines()
        header = parse_line(lines[0], path=path) if lines else {}
        if header.get("evaluation") != self._identity:
            raise InputError(
                f"{path} holds another evaluation",
                got=header.get("evaluation"),
                expected=self._identity,
                fix="choose another --out, or delete the file",
            )
        for line in lines[1:]:
            row = ExampleResult(**parse_line(line, path=path))
            self._results[row.task, row.index] = row
        if len(kept) < len(whole):
            with path.open("r+b") as file:
                file.truncate(len(kept))


def parse_line(line: str, *, path: Path) -> dict[str, Any]:
    """The JSON object in one line. Raises `InputError` naming the file."""
    try:
        value: object = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path} is no evaluation log", got=line[:60], expected="JSON lines", fix="choose another --out"
        ) from error
    if not isinstance(value, dict):
        raise InputError(f"{path} is no evaluation log", got=line[:60], expected="JSON objects")
    return cast(dict[str, Any], value)
