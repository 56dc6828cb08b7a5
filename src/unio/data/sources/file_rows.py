r"""Files as rows: what the name of each says, for data sets whose only table is their folder.

Example, pictures of neighbouring frames::

    match "clean/(?P<scene>[^/]+)/frame_(?P<number>\d+)\.png"
    clean/alley_1/frame_0007.png  ->  {"file": "clean/alley_1/frame_0007.png", "scene": "alley_1",
                                      "number": "0007", "number+1": "0008", "number-1": "0006"}
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

from unio.core import ConfigError, InputError

__all__ = ["FileRows"]


class FileRows(Sequence[dict[str, Any]]):
    """One row for each file of a folder that a regular expression matches, sorted by name."""

    def __init__(self, folder: Path, paths: Sequence[Path], match: str) -> None:
        """Raises ``ConfigError`` for a bad expression, ``InputError`` where it matches no file."""
        try:
            expression = re.compile(match)
        except re.error as error:
            raise ConfigError("bad regular expression in match", got=f"{match!r}: {error}") from error
        names: list[str] = [path.relative_to(folder).as_posix() for path in paths]
        found = [(name, expression.fullmatch(name)) for name in names]
        self._rows: list[dict[str, Any]] = [
            _row(name, match.groupdict()) for name, match in found if match is not None
        ]
        if not self._rows:
            raise InputError(
                f"no file of {folder} has a name like {match}", got=f"{len(names)} others, as {names[0]}"
            )

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """The groups of a file's name, or of several."""
        return self._rows[index]

    def place(self, index: int) -> str:
        """The file."""
        return str(self._rows[index]["file"])


def _row(name: str, groups: dict[str, str | None]) -> dict[str, Any]:
    row: dict[str, Any] = {"file": name}
    for group, text in groups.items():
        row[group] = text
        if text is not None and text.isdigit():
            row[f"{group}+1"] = str(int(text) + 1).zfill(len(text))
            row[f"{group}-1"] = str(max(int(text) - 1, 0)).zfill(len(text))
    return row
