"""Prompt phrasings of a family, read from ``data/prompts/<family>.yaml`` and checked as they are read."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal

import numpy as np
from pydantic import Field

from unio.core import Config, ConfigError, load_config

__all__ = ["Phrasing", "Phrasings", "load_phrasings", "prompt_file"]

Tag = Literal["short", "instruction", "question", "polite", "described"]


class Phrasing(Config):
    """One way to ask. ``{name}`` in ``text`` is a place that a field of the task fills."""

    text: str = Field(min_length=1, description="The prompt without prefix and media pieces.")
    tags: tuple[Tag, ...] = Field(min_length=1, description="What kind of prompt it is.")

    @property
    def places(self) -> tuple[str, ...]:
        """Names of the places, in order."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.text) if name is not None)

    def fill(self, fields: Mapping[str, str]) -> str:
        """The prompt with every place filled."""
        return self.text.format_map(fields)

    @property
    def wording(self) -> str:
        """What it says beside its places."""
        return "".join(text for text, _, _, _ in Formatter().parse(self.text))

    def read(self, phrase: str) -> dict[str, str] | None:
        """What fills the places of ``phrase``, by name; None if it was not put this way."""
        pattern, named = "", set[str]()
        for text, name, _, _ in Formatter().parse(self.text):
            pattern += re.escape(text)
            if name is not None:
                pattern += f"(?P={name})" if name in named else f"(?P<{name}>.+)"
                named.add(name)
        found = re.fullmatch(pattern, phrase, flags=re.DOTALL)
        return None if found is None else found.groupdict()


class Phrasings(Config):
    """All ways to ask for one family. The first is the one that user requests are put in."""

    phrasings: tuple[Phrasing, ...] = Field(min_length=8, description="At least eight ways to ask.")

    @property
    def first(self) -> Phrasing:
        """The phrasing of user requests."""
        return self.phrasings[0]

    def read(self, phrase: str) -> dict[str, str]:
        """What a user gave, by place: the phrasing that says most of ``phrase`` itself counts.

        Empty if none of them was used.
        """
        for one in sorted(self.phrasings, key=lambda one: -len(one.wording)):
            found = one.read(phrase)
            if found is not None:
                return found
        return {}

    def draw(self, rng: np.random.Generator) -> Phrasing:
        """One of the phrasings, all equally often."""
        return self.phrasings[int(rng.integers(len(self.phrasings)))]


def prompt_file(name: str) -> Path:
    """Where the phrasings of the task ``name`` are kept."""
    return Path(__file__).parent.parent / "prompts" / f"{name}.yaml"


@cache
def load_phrasings(path: Path, fields: tuple[str, ...]) -> Phrasings:
    """Read the phrasings in ``path`` for a task that fills ``fields``.

    Raises ``ConfigError`` for a file that cannot be read, fewer than eight phrasings, a place that is
    no field, a field that the first phrasing leaves out, and for a phrasing given twice.
    """
    loaded = load_config(Phrasings, path)
    for phrasing in loaded.phrasings:
        _refuse_unknown_places(phrasing, fields, path)
    missing = set(fields) - set(loaded.first.places)
    if missing:
        raise ConfigError(
            f"{path}: the first phrasing leaves out what a user gives",
            got=repr(loaded.first.text),
            expected=f"places for {_listed(fields)}",
        )
    texts = [phrasing.text for phrasing in loaded.phrasings]
    for text in texts:
        if texts.count(text) > 1:
            raise ConfigError(f"{path}: a phrasing stands there twice", got=repr(text))
    return loaded


def _refuse_unknown_places(phrasing: Phrasing, fields: tuple[str, ...], path: Path) -> None:
    for place in phrasing.places:
        if place not in fields:
            raise ConfigError(
                f"{path}: unknown place in a phrasing",
                got=f"{{{place}}} in {phrasing.text!r}",
                expected=_listed(fields) or "no place at all",
            )


def _listed(fields: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in fields)
