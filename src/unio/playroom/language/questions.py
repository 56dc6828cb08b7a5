"""Questions about a picture with short answers, sorted by kind."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.naming import attributes_of, noun_phrase, short_name
from unio.playroom.language.sight import RELATIONS, Relation, Sight, carried_where, holds
from unio.playroom.language.words import plural, with_article
from unio.playroom.things import COLOURS, MATERIALS, SHAPES, SIZES

__all__ = ["QUESTION_KINDS", "Question", "question"]

_VALUES = {
    "size": tuple(SIZES),
    "colour": tuple(COLOURS),
    "material": MATERIALS,
    "shape": SHAPES,
}

_COUNT = (
    "How many {things} are there?",
    "How many {things} do you see?",
    "What is the number of {things}?",
    "Count the {things}.",
    "How many {things} are in the picture?",
    "How many {things} can be seen?",
    "Number of {things}?",
    "How many {things} lie on the floor?",
)
_COUNT_ATTRIBUTES = (("colour",), ("shape",), ("material",), ("size",), ("colour", "shape"))
_ATTRIBUTE: dict[str, tuple[str, ...]] = {
    "colour": (
        "What colour is the {name}?",
        "What is the colour of the {name}?",
        "Which colour does the {name} have?",
        "Name the colour of the {name}.",
        "The {name} is of what colour?",
        "In which colour is the {name}?",
        "Tell the colour of the {name}.",
        "What colour does the {name} have?",
    ),
    "shape": (
        "What shape is the {name}?",
        "What is the shape of the {name}?",
        "Which shape does the {name} have?",
        "Name the shape of the {name}.",
        "The {name} is of what shape?",
        "What kind of object is the {name}?",
        "Tell the shape of the {name}.",
        "What form does the {name} have?",
    ),
    "material": (
        "What is the {name} made of?",
        "Which material is the {name}?",
        "What material is the {name} made of?",
        "Name the material of the {name}.",
        "Of what is the {name} made?",
        "What is the material of the {name}?",
        "Tell the material of the {name}.",
        "The {name} is made of what?",
    ),
    "size": (
        "What size is the {name}?",
        "How big is the {name}?",
        "Is the {name} small or large?",
        "What is the size of the {name}?",
        "Name the size of the {name}.",
        "Is the {name} large or small?",
        "Which size does the {name} have?",
        "Tell the size of the {name}.",
    ),
}
_EXISTENCE = (
    "Is there {a_thing}?",
    "Is there {a_thing} in the picture?",
    "Do you see {a_thing}?",
    "Can you see {a_thing}?",
    "Does the picture show {a_thing}?",
    "Is {a_thing} there?",
    "Is any thing here {a_thing}?",
    "Does {a_thing} lie on the floor?",
)
_EXISTENCE_ATTRIBUTES = (
    ("colour", "shape"),
    ("colour",),
    ("shape",),
    ("material", "shape"),
    ("size", "shape"),
)
_RELATION = (
    "Is the {first} {relation} the {second}?",
    "Does the {first} lie {relation} the {second}?",
    "Can the {first} be seen {relation} the {second}?",
    "Is it true that the {first} is {relation} the {second}?",
    "Look at the {first}: is it {relation} the {second}?",
    "The {first} is {relation} the {second}: yes or no?",
    "Do you see the {first} {relation} the {second}?",
    "Is the place of the {first} {relation} the {second}?",
)
_SIDES: tuple[tuple[tuple[Relation, Relation], str], ...] = (
    (("left of", "right of"), "Is the {first} left or right of the {second}?"),
    (("left of", "right of"), "On which side of the {second} is the {first}, left or right?"),
    (("in front of", "behind"), "Is the {first} in front of the {second} or behind it?"),
    (("in front of", "behind"), "Does the {first} lie in front of or behind the {second}?"),
)
_SIDE_WORDS: dict[Relation, str] = {
    "left of": "left",
    "right of": "right",
    "in front of": "front",
    "behind": "behind",
}
_CARRYING = {
    "what is": (
        "What shape is {where} the {base}?",
        "What is the shape of the thing {where} the {base}?",
        "The {base} carries a thing of what shape?",
        "Name the shape of what is {where} the {base}.",
    ),
    "where is": (
        "On or in a thing of what shape is the {top}?",
        "What shape has the thing that carries the {top}?",
        "The {top} is {where} a thing of what shape?",
        "Name the shape of what carries the {top}.",
    ),
}
_CARRYING_NEEDS = {"what is": "base", "where is": "top"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, its one-word answer, and its kind (one of `QUESTION_KINDS`)."""

    kind: str
    text: str
    answer: str


def question(sight: Sight, rng: np.random.Generator, *, kind: str | None = None) -> Question | None:
    """A question of a random kind, or of the given one; None if the scene allows none of that kind."""
    if kind is not None:
        return _ASKERS[kind](sight, rng)
    for drawn in shuffled(QUESTION_KINDS if sight.is_flat else (*QUESTION_KINDS, "carrying"), rng):
        asked = _ASKERS[drawn](sight, rng)
        if asked is not None:
            return asked
    return None


def _count(sight: Sight, rng: np.random.Generator) -> Question:
    """All things, or those with one or two attributes, that are there or (a quarter of the time) any."""
    attributes: dict[str, str] = {}
    if rng.random() < 0.75:
        names = pick(_COUNT_ATTRIBUTES, rng)
        if rng.random() < 0.25:
            attributes = {name: pick(_VALUES[name], rng) for name in names}
        else:
            attributes = attributes_of(pick(sight.seen, rng), names)
    return Question(
        kind="count",
        text=pick(_without_floor(_COUNT, sight), rng).format(things=plural(noun_phrase(attributes))),
        answer=str(len(sight.matching(attributes))),
    )


def _attribute(attribute: str) -> "Callable[[Sight, np.random.Generator], Question | None]":
    """The asker for one attribute of a thing that has a name without it."""

    def ask(sight: Sight, rng: np.random.Generator) -> Question | None:
        for one in shuffled(sight.seen, rng):
            name = short_name(sight, one, rng, without=attribute)
            if name is not None:
                text = pick(_ATTRIBUTE[attribute], rng).format(name=name)
                return Question(kind=attribute, text=text, answer=one.value(attribute))
        return None

    return ask


def _existence(sight: Sight, rng: np.random.Generator) -> Question | None:
    """Yes and no equally often; a no differs from a thing in view by one attribute."""
    names = pick(_EXISTENCE_ATTRIBUTES, rng)
    attributes = attributes_of(pick(sight.seen, rng), names)
    is_there = rng.random() < 0.5
    if not is_there:
        changed = pick(names, rng)
        absent = [
            {**attributes, changed: value}
            for value in _VALUES[changed]
            if not sight.matching({**attributes, changed: value})
        ]
        if not absent:
            return None
        attributes = pick(absent, rng)
    text = pick(_without_floor(_EXISTENCE, sight), rng).format(a_thing=with_article(noun_phrase(attributes)))
    return Question(kind="existence", text=text, answer="yes" if is_there else "no")


def _relation(sight: Sight, rng: np.random.Generator) -> Question | None:
    """Yes or no about a relation, or which of two sides, between things with unique names."""
    places = [(first, second) for first in sight.seen for second in sight.seen if first is not second]
    for first, second in shuffled(places, rng) if places else []:
        names = {"first": short_name(sight, first, rng), "second": short_name(sight, second, rng)}
        if None in names.values():
            continue
        if rng.random() < 0.4:
            sides, text = pick(_SIDES, rng)
            for side in sides:
                if holds(first, side, second):
                    return Question(kind="relation", text=text.format(**names), answer=_SIDE_WORDS[side])
            continue
        relation = pick(RELATIONS, rng)
        truth = holds(first, relation, second)
        if truth is None:
            continue
        text = pick(_RELATION, rng).format(relation=relation, **names)
        return Question(kind="relation", text=text, answer="yes" if truth else "no")
    return None


def _carrying(sight: Sight, rng: np.random.Generator) -> Question | None:
    """What is on or in a thing, what a thing is on or in, or whether it is so."""
    for index, carrier in shuffled(tuple(sight.carriers.items()), rng):
        top, base = sight.by_index(index), sight.by_index(carrier)
        if top is None or base is None or list(sight.carriers.values()).count(carrier) > 1:
            continue
        where = carried_where(base)
        names = {"top": short_name(sight, top, rng), "base": short_name(sight, base, rng)}
        ways = [way for way, needs in _CARRYING_NEEDS.items() if names[needs] is not None]
        if not ways:
            continue
        way = pick(ways, rng)
        answer = top.thing.shape if way == "what is" else base.thing.shape
        text = pick(_CARRYING[way], rng).format(where=where, **names)
        return Question(kind="carrying", text=text, answer=answer)
    return None


def _without_floor(phrases: tuple[str, ...], sight: Sight) -> tuple[str, ...]:
    """The phrases that are true where not all stands on the floor."""
    return phrases if sight.is_flat else tuple(phrase for phrase in phrases if "floor" not in phrase)


_ASKERS: dict[str, Callable[[Sight, np.random.Generator], Question | None]] = {
    "count": _count,
    "colour": _attribute("colour"),
    "shape": _attribute("shape"),
    "material": _attribute("material"),
    "size": _attribute("size"),
    "existence": _existence,
    "relation": _relation,
}

QUESTION_KINDS: tuple[str, ...] = tuple(_ASKERS)
"""Kinds for scenes whose things all stand on the floor; with stacks and bowls, ``carrying`` is one more."""

_ASKERS["carrying"] = _carrying
