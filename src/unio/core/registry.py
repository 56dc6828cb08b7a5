"""A name -> object table with explicit registration and helpful errors."""

import difflib
from collections.abc import Iterator
from typing import Generic, TypeVar

from unio.core.errors import ConfigError

__all__ = ["Registry"]

T = TypeVar("T")


class Registry(Generic[T]):
    """Objects by name: duplicates are refused, a wrong name is answered with the nearest ones."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        """Add ``entry`` under ``name`` and return it. Raises ``ConfigError`` if the name is taken."""
        if name in self._entries:
            raise ConfigError(f"{self.kind} {name!r} is registered twice", fix="choose another name")
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> T:
        """The entry called ``name``. Raises ``ConfigError`` naming the nearest entries."""
        try:
            return self._entries[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._entries, n=3, cutoff=0.4)
            raise ConfigError(
                f"unknown {self.kind}",
                got=repr(name),
                expected=f"one of {', '.join(near or self.names())}",
            ) from None

    def names(self) -> list[str]:
        """All names, in order of registration."""
        return list(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
