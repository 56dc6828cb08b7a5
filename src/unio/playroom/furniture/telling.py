"""What can truly be said of a room: names, where pieces stand, and how their real sizes compare.

Every phrase is checked against the room before it is said; names are the catalogue's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unio.playroom.camera import Camera
from unio.playroom.furniture.pieces import Piece
from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.sight import RELATIONS, Relation, holds
from unio.playroom.language.words import joined, sentence, with_article

__all__ = ["SeenPiece", "expression", "indefinite", "room_caption", "seen_pieces"]

_CAPTIONS = (
    "{things}",
    "{things} on the floor",
    "a picture of {things}",
    "the picture shows {things}",
    "you can see {things}",
    "a room with {things}",
    "on the floor: {things}",
)

_SIDES: tuple[tuple[Relation, str], ...] = (
    ("left of", "on the left"),
    ("right of", "on the right"),
    ("in front of", "in front"),
)

_TALLER = 1.25
"""Height by height from which one piece is said to be taller."""

_LARGER = 1.8
"""Volume of the box by that of the next from which a piece is the largest."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenPiece:
    """A piece in view; ``across`` and ``near`` as in `unio.playroom.language.Seen`."""

    index: int
    piece: Piece
    across: float
    near: float

    @property
    def name(self) -> str:
        """What the catalogue calls it."""
        return self.piece.model.name


def seen_pieces(pieces: Sequence[Piece], camera: Camera) -> tuple[SeenPiece, ...]:
    """The pieces from left to right, as a camera sees them."""
    towards = camera.rotation[:2, 2] / np.linalg.norm(camera.rotation[:2, 2])
    places = np.array([piece.position for piece in pieces])
    across = camera.project(places).points[:, 1]
    near = places[:, :2] @ towards
    seen = [
        SeenPiece(index=index, piece=piece, across=float(across[index]), near=float(near[index]))
        for index, piece in enumerate(pieces)
    ]
    return tuple(sorted(seen, key=lambda one: one.across))


def indefinite(name: str, before: int = 0) -> str:
    """``"a chair"``, ``"another chair"`` where ``before`` of that name were told; ``"some slippers"``."""
    if _is_plural(name):
        return f"{'more' if before else 'some'} {name}"
    return f"another {name}" if before else with_article(name)


def room_caption(seen: Sequence[SeenPiece], rng: np.random.Generator) -> str:
    """A sentence that names every piece from left to right, now and then a second one that compares two.

    Example: ``"You can see a wardrobe and a chair. The wardrobe is taller than the chair."``
    """
    told: Counter[str] = Counter()
    parts: list[str] = []
    for one in seen:
        parts.append(indefinite(one.name, told[one.name]))
        told[one.name] += 1
    first = sentence(pick(_CAPTIONS, rng).format(things=joined(parts)))
    second = _comparison(seen, rng) if len(seen) > 1 and rng.random() < 0.4 else None
    return first if second is None else f"{first} {second}"


def expression(seen: Sequence[SeenPiece], one: SeenPiece, rng: np.random.Generator) -> str | None:
    """A phrase that means ``one`` and nothing else in view; None where there is none.

    Examples: ``"the chair"``, ``"the chair on the left"``, ``"the chair behind the table"``, ``"the largest
    piece"``.
    """
    ways = [_by_name, _by_size, _by_side, _by_neighbour]
    for way in [ways[int(rng.choice(4, p=(0.55, 0.1, 0.15, 0.2)))], *ways]:
        text = way(seen, one, rng)
        if text is not None:
            return text
    return None


def _by_name(seen: Sequence[SeenPiece], one: SeenPiece, rng: np.random.Generator) -> str | None:
    del rng
    alone = sum(other.name == one.name for other in seen) == 1
    return f"the {one.name}" if alone else None


def _by_size(seen: Sequence[SeenPiece], one: SeenPiece, rng: np.random.Generator) -> str | None:
    """The one plainly taller, or larger, than every other."""
    others = [other for other in seen if other is not one]
    if not others:
        return None
    volume, height = _volume(one), _height(one)
    words = [
        word
        for word, is_true in (
            ("largest", all(volume >= _LARGER * _volume(other) for other in others)),
            ("smallest", all(_volume(other) >= _LARGER * volume for other in others)),
            ("tallest", all(height >= _TALLER * _height(other) for other in others)),
        )
        if is_true
    ]
    return f"the {pick(words, rng)} {pick(('piece', 'thing'), rng)}" if words else None


def _by_side(seen: Sequence[SeenPiece], one: SeenPiece, rng: np.random.Generator) -> str | None:
    """The one at the edge of those of its name."""
    del rng
    others = [other for other in seen if other is not one and other.name == one.name]
    if not others:
        return None
    for relation, word in _SIDES:
        if all(holds(one, relation, other) for other in others):
            return f"the {one.name} {word}"
    return None


def _by_neighbour(seen: Sequence[SeenPiece], one: SeenPiece, rng: np.random.Generator) -> str | None:
    for anchor in shuffled([other for other in seen if other.name != one.name], rng):
        if sum(other.name == anchor.name for other in seen) > 1:
            continue
        rivals = [other for other in seen if other is not one and other.name == one.name]
        for relation in shuffled(RELATIONS, rng):
            if holds(one, relation, anchor) and all(
                holds(rival, relation, anchor) is False for rival in rivals
            ):
                return f"the {one.name} {relation} the {anchor.name}"
    return None


def _comparison(seen: Sequence[SeenPiece], rng: np.random.Generator) -> str | None:
    """How two pieces of different names stand to each other, or which is taller."""
    first, second = shuffled(seen, rng)[:2]
    names = [one.name for one in seen]
    if names.count(first.name) > 1 or names.count(second.name) > 1:
        return None
    told: list[str] = [relation for relation in RELATIONS if holds(first, relation, second)]
    if _height(first) >= _TALLER * _height(second):
        told.append("taller than")
    if not told:
        return None
    are = "are" if _is_plural(first.name) else "is"
    return sentence(f"the {first.name} {are} {pick(told, rng)} the {second.name}")


def _volume(one: SeenPiece) -> float:
    return float(np.prod(one.piece.model.size))


def _height(one: SeenPiece) -> float:
    return one.piece.model.size[2]


def _is_plural(name: str) -> bool:
    return name.endswith("s") and not name.endswith(("ss", "us", "is"))
