"""Referring expressions: phrases that mean exactly one thing in view."""

from dataclasses import dataclass

import numpy as np

from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.naming import attributes_of, noun_phrase, short_name
from unio.playroom.language.sight import OPPOSITE, RELATIONS, Relation, Seen, Sight, holds

__all__ = ["Reference", "refer", "referring"]

_BESIDE: dict[Relation, tuple[str, ...]] = {
    "left of": ("left of {anchor}", "to the left of {anchor}", "on the left side of {anchor}"),
    "right of": ("right of {anchor}", "to the right of {anchor}", "on the right side of {anchor}"),
    "in front of": ("in front of {anchor}", "nearer than {anchor}", "before {anchor}"),
    "behind": ("behind {anchor}", "farther away than {anchor}", "at the back of {anchor}"),
}

_EXTREMES: dict[Relation, tuple[str, ...]] = {
    "left of": ("the leftmost {noun}", "the {noun} furthest to the left"),
    "right of": ("the rightmost {noun}", "the {noun} furthest to the right"),
    "in front of": ("the nearest {noun}", "the {noun} closest to the camera"),
    "behind": ("the farthest {noun}", "the {noun} furthest from the camera"),
}


@dataclass(frozen=True, kw_only=True)
class Reference:
    """An expression, with its article, and the index of the thing it means."""

    index: int
    text: str


def referring(sight: Sight, rng: np.random.Generator) -> Reference | None:
    """A random thing in view, referred to by its looks, its neighbour, or its place; None if none can be."""
    for one in shuffled(sight.seen, rng):
        reference = refer(sight, one, rng)
        if reference is not None:
            return reference
    return None


def refer(sight: Sight, one: Seen, rng: np.random.Generator) -> Reference | None:
    """An expression that means ``one``; None if it has none.

    Example: ``"the large ball"``, ``"the ball left of the blue box"``, ``"the nearest red thing"``.
    """
    ways = [_by_looks, _by_neighbour, _by_place]
    shares = (0.6, 0.2, 0.2)
    first = int(rng.choice(3, p=shares))
    for way in (ways[first], *ways):
        text = way(sight, one, rng)
        if text is not None:
            return Reference(index=one.index, text=text)
    return None


def _by_looks(sight: Sight, one: Seen, rng: np.random.Generator) -> str | None:
    name = short_name(sight, one, rng)
    return None if name is None else f"the {name}"


def _by_neighbour(sight: Sight, one: Seen, rng: np.random.Generator) -> str | None:
    """Named from a thing with a unique name: everything else of that noun is plainly elsewhere."""
    anchors = [other for other in sight.seen if other is not one]
    for anchor in shuffled(anchors, rng):
        anchor_name = short_name(sight, anchor, rng)
        if anchor_name is None:
            continue
        attributes = _noun(one, rng)
        others = [other for other in sight.matching(attributes) if other is not one and other is not anchor]
        for relation in shuffled(RELATIONS, rng):
            apart = all(holds(other, relation, anchor) is False for other in others)
            if apart and holds(one, relation, anchor):
                beside = pick(_BESIDE[relation], rng).format(anchor=f"the {anchor_name}")
                return f"the {noun_phrase(attributes)} {beside}"
    return None


def _by_place(sight: Sight, one: Seen, rng: np.random.Generator) -> str | None:
    """Named as the outermost of several of its noun, with a plain lead over the next."""
    attributes = _noun(one, rng)
    others = [other for other in sight.matching(attributes) if other is not one]
    if not others:
        return None
    for relation in shuffled(RELATIONS, rng):
        if all(holds(other, OPPOSITE[relation], one) for other in others):
            return pick(_EXTREMES[relation], rng).format(noun=noun_phrase(attributes))
    return None


def _noun(one: Seen, rng: np.random.Generator) -> dict[str, str]:
    """What the thing is called for a start: "thing", or by one or two of its attributes."""
    names = ((), ("shape",), ("colour",), ("colour", "shape"), ("material",), ("size", "shape"))
    return attributes_of(one, pick(names, rng))
