"""A run's logs: one JSON object a line, appended to while it goes on and cut back when it goes back."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from unio.core import UnioError

__all__ = ["EVALUATION_LOG", "LOG", "append_line", "forget_after", "read_log"]

LOG = "log.jsonl"
"""Name of a run's log in its folder."""

EVALUATION_LOG = "evaluation.jsonl"
"""Name of the log of its held-out losses."""


def append_line(path: Path, line: Mapping[str, Any]) -> None:
    """Add a line. Raises ``UnioError`` if it cannot be written (a full disk)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as error:
        raise UnioError(
            f"cannot write the log {path}",
            got=" ".join(str(error).split()),
            fix="free some space and run the same command again",
        ) from error


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log; a last line that was cut short is left out."""
    lines: list[dict[str, Any]] = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return lines


def forget_after(path: Path, step: int) -> None:
    """Cut off the lines of later steps than ``step``: a run that goes on from there writes them anew."""
    if path.exists():
        kept = [json.dumps(line) + "\n" for line in read_log(path) if line["step"] <= step]
        partial = path.with_suffix(".partial")
        partial.write_text("".join(kept), encoding="utf-8")
        partial.replace(path)
