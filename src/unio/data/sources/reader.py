"""`Reader`: a data set in the layout it is given out in, as records of the families it has data for.

Every format of this folder is a small configuration (which files, where) whose ``open`` looks at the files
once and returns a `Reader`; pictures and sounds are decoded only when their record is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unio.core import InputError, UnioError

__all__ = ["Reader", "Record", "Shelf"]

Record = dict[str, Any]
"""The fields that a family reads, by name; see the header of its file in ``unio.data.tasks``."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Shelf:
    """The entries that one family can use.

    ``record`` makes an entry's record (``rng`` chooses where an entry holds several, such as captions);
    ``place`` says in words where the entry stands, for errors. ``sizes`` are the entries of each file where
    neighbours share one.
    """

    entries: Sequence[Any]
    record: Callable[[Any, np.random.Generator], Record]
    place: Callable[[Any], str]
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Reader:
    """An opened data set: family name -> its `Shelf`."""

    name: str
    shelves: Mapping[str, Shelf]

    @property
    def tasks(self) -> tuple[str, ...]:
        """The families that it has entries for."""
        return tuple(task for task, shelf in self.shelves.items() if len(shelf.entries))

    def shelf(self, task: str) -> Shelf:
        """The shelf of a family. Raises ``InputError`` where the data set has nothing for it."""
        if task not in self.tasks:
            raise InputError(
                f"{self.name} has no data for the task {task!r}",
                expected=f"one of {', '.join(self.tasks) or 'none: it is empty'}",
            )
        return self.shelves[task]

    def count(self, task: str) -> int:
        """Entries of a family."""
        return len(self.shelf(task).entries)

    def record(self, task: str, number: int, rng: np.random.Generator) -> Record:
        """Record ``number`` of a family. Raises ``InputError`` that says where the bad entry stands."""
        shelf = self.shelf(task)
        entry = shelf.entries[number]
        try:
            return shelf.record(entry, rng)
        except UnioError as error:
            raise InputError(f"{shelf.place(entry)}: {error}") from error
