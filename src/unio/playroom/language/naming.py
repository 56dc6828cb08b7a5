"""Names of things: attributes in their usual order, and the names that mean one thing alone."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from unio.playroom.language.sight import Seen, Sight

__all__ = ["ATTRIBUTES", "attributes_of", "noun_phrase", "short_name", "unique_names"]

ATTRIBUTES = ("size", "colour", "material", "shape")


def noun_phrase(attributes: Mapping[str, str]) -> str:
    """``{"colour": "red", "size": "large"}`` -> ``"large red thing"``; a shape replaces "thing"."""
    words = [attributes[name] for name in ("size", "colour", "material") if name in attributes]
    return " ".join([*words, attributes.get("shape", "thing")])


def attributes_of(one: Seen, names: tuple[str, ...]) -> dict[str, str]:
    """Some of a thing's attributes, by name."""
    return {name: one.value(name) for name in names}


def unique_names(sight: Sight, one: Seen, *, without: str | None = None) -> list[str]:
    """Names that only ``one`` answers to, such as "large ball", fewest words first; may be empty.

    ``without`` is an attribute that the name must not give away.
    """
    usable = [name for name in ATTRIBUTES if name != without]
    found: list[str] = []
    for length in range(1, len(usable) + 1):
        for names in combinations(usable, length):
            attributes = attributes_of(one, names)
            if len(sight.matching(attributes)) == 1:
                found.append(noun_phrase(attributes))
    return found


def short_name(
    sight: Sight, one: Seen, rng: np.random.Generator, *, without: str | None = None
) -> str | None:
    """One of the unique names of a thing, mostly a short and natural one; None if it has none.

    Half of the time it is colour and shape, if these are enough.
    """
    names = unique_names(sight, one, without=without)
    if not names:
        return None
    usual = noun_phrase(attributes_of(one, tuple(n for n in ("colour", "shape") if n != without)))
    if usual in names and rng.random() < 0.5:
        return usual
    # Squaring the draw favours the front of the list, the short names.
    return names[int(len(names) * rng.random() ** 2)]
