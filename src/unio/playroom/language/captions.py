"""Captions and descriptions: every thing in view is named, nothing else."""

from collections import Counter

import numpy as np

from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.naming import attributes_of, noun_phrase
from unio.playroom.language.sight import RELATIONS, Seen, Sight, carried_where, holds
from unio.playroom.language.words import NUMBER_WORDS, counted, joined, sentence, with_article

__all__ = ["caption", "description"]

_DETAILS = (
    ("colour", "shape"),
    ("colour", "material", "shape"),
    ("size", "colour", "shape"),
    ("size", "colour", "material", "shape"),
)
_DETAIL_SHARES = (0.4, 0.25, 0.15, 0.2)

_PLACED = 0.4
"""Share of descriptions that say where each thing is."""
_PLACES = (
    ("at the top left", "at the top", "at the top right"),
    ("on the left", "in the middle", "on the right"),
    ("at the bottom left", "at the bottom", "at the bottom right"),
)

_CAPTIONS = (
    "{things}",
    "{things} on the floor",
    "there {are} {things}",
    "a picture of {things}",
    "the picture shows {things}",
    "on the floor {are} {things}",
    "you can see {things}",
    "a scene with {things}",
    "{number}: {things}",
    "here {are} {things}",
)
_CAPTIONS_OF_STACKS = tuple(caption for caption in _CAPTIONS if "floor" not in caption)
"""What may be said where not all stands on the floor."""


def caption(sight: Sight, rng: np.random.Generator) -> str:
    """A sentence, or two, that names everything in view from left to right. The picture must show something.

    Example: ``"There is a red rubber ball and two blue boxes."``
    """
    detail = _detail(rng)
    parts = _parts(sight, detail)
    number = "one thing" if len(sight) == 1 else f"{NUMBER_WORDS[len(sight)]} things"
    template = pick(_CAPTIONS if sight.is_flat else _CAPTIONS_OF_STACKS, rng)
    # English agrees with the first thing named: "there is a ball and two boxes".
    are = "is" if parts[0].startswith(("a ", "an ")) else "are"
    told = sentence(template.format(things=joined(parts), are=are, number=number))
    relation = _relation(sight, rng) if rng.random() < 0.25 else None
    return told if relation is None else f"{told} {relation}"


def description(sight: Sight, rng: np.random.Generator) -> str:
    """The things in view as a noun phrase to be drawn: ``"a red ball, a green cone and a blue box"``.

    Things that stand on the floor are now and then told by where they are in the picture: ``"a red ball at
    the top left and a blue box in the middle"``, two of them also by how they lie: ``"a red ball left of a
    blue box"``.
    """
    detail = _detail(rng)
    if sight.is_flat and rng.random() < _PLACED:
        names = [with_article(noun_phrase(attributes_of(one, detail))) for one in sight.seen]
        return joined([f"{name} {_place_of(one)}" for name, one in zip(names, sight.seen, strict=True)])
    if len(sight) == 2 and sight.is_flat and rng.random() < 0.5:
        first, second = shuffled(sight.seen, rng)
        true = [relation for relation in RELATIONS if holds(first, relation, second)]
        if true:
            names = [with_article(noun_phrase(attributes_of(one, detail))) for one in (first, second)]
            return f"{names[0]} {pick(true, rng)} {names[1]}"
    return joined(_parts(sight, detail))


def _place_of(one: Seen) -> str:
    """Which ninth of the picture a thing's middle is in: ``"at the top left"``, ``"in the middle"``."""
    row, column = (min(2, max(0, int(3 * value))) for value in (one.down, one.across))
    return _PLACES[row][column]


def _detail(rng: np.random.Generator) -> tuple[str, ...]:
    return _DETAILS[int(rng.choice(len(_DETAILS), p=_DETAIL_SHARES))]


def _parts(sight: Sight, detail: tuple[str, ...]) -> list[str]:
    """Everything in view: what stands alone counted by name, what is carried with what carries it."""
    names = {one.index: noun_phrase(attributes_of(one, detail)) for one in sight.seen}
    together = {*sight.carriers, *sight.carriers.values()}
    parts = _grouped([names[one.index] for one in sight.seen if one.index not in together])
    for index, carrier in sight.carriers.items():
        place = carried_where(sight.by_index(carrier))
        parts.append(f"{with_article(names[index])} {place} {with_article(names[carrier])}")
    return parts


def _grouped(names: list[str]) -> list[str]:
    """Equal names counted together, in order of first mention."""
    return [counted(name, count) for name, count in Counter(names).items()]


def _relation(sight: Sight, rng: np.random.Generator) -> str | None:
    """A sentence on how two things lie to each other, if their plain names are unique."""
    if len(sight) < 2:
        return None
    first, second = shuffled(sight.seen, rng)[:2]
    names: list[str] = []
    for one in (first, second):
        attributes = attributes_of(one, ("colour", "shape"))
        if len(sight.matching(attributes)) > 1:
            return None
        names.append(noun_phrase(attributes))
    true = [relation for relation in RELATIONS if holds(first, relation, second)]
    if not true:
        return None
    return sentence(f"the {names[0]} is {pick(true, rng)} the {names[1]}")
