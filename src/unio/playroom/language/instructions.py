"""Edit instructions: one thing of a scene changed or gone, told so that only it can be meant."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from unio.playroom.edits import change_material, change_shape, change_size, recolour, remove
from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.naming import short_name
from unio.playroom.language.sight import Seen, Sight
from unio.playroom.language.words import with_article
from unio.playroom.resting import footprint
from unio.playroom.scene import Scene
from unio.playroom.things import COLOURS, MATERIALS, SHAPES, is_novel

__all__ = ["EDIT_KINDS", "EditKind", "Instruction", "edit_instruction"]

EditKind = Literal["colour", "remove", "shape", "material", "size"]
EDIT_KINDS: tuple[EditKind, ...] = ("colour", "remove", "shape", "material", "size")
_SHARES = (0.35, 0.3, 0.15, 0.1, 0.1)

_PHRASES: dict[EditKind, tuple[str, ...]] = {
    "colour": (
        "make the {name} {value}",
        "paint the {name} {value}",
        "turn the {name} {value}",
        "colour the {name} {value}",
        "change the colour of the {name} to {value}",
        "give the {name} a {value} colour",
        "change the {name} so that it is {value}",
        "dye the {name} {value}",
    ),
    "remove": (
        "remove the {name}",
        "take the {name} away",
        "delete the {name}",
        "erase the {name}",
        "make the {name} disappear",
        "clear the {name} from the picture",
        "get rid of the {name}",
        "leave out the {name}",
    ),
    "shape": (
        "turn the {name} into {a_value}",
        "change the {name} into {a_value}",
        "replace the {name} by {a_value}",
        "make the {name} {a_value}",
        "swap the {name} for {a_value}",
        "change the shape of the {name} to {a_value}",
        "let the {name} become {a_value}",
        "put {a_value} in place of the {name}",
    ),
    "material": (
        "make the {name} out of {value}",
        "change the material of the {name} to {value}",
        "turn the {name} into {value}",
        "let the {name} be made of {value}",
        "change the {name} to {value}",
        "make the {name} look like {value}",
        "use {value} for the {name}",
        "remake the {name} in {value}",
    ),
    "size": (
        "make the {name} {value}",
        "change the size of the {name} to {value}",
        "turn the {name} {value}",
        "let the {name} be {value}",
        "resize the {name} so that it is {value}",
        "change the {name} so that it is {value}",
        "set the size of the {name} to {value}",
        "let the {name} become {value}",
    ),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Instruction:
    """What to do, to which thing (its index in the scene before), and the scene afterwards.

    ``value`` is the new colour, shape, material or size; "" where the thing is removed.
    """

    kind: EditKind
    index: int
    value: str
    text: str
    result: Scene


def edit_instruction(
    scene: Scene, sight: Sight, rng: np.random.Generator, *, kind: EditKind | None = None
) -> Instruction | None:
    """A random edit of a thing in view, of the given kind if there is one; None if nothing can be edited.

    Outside ``novel`` an edit never makes a held-out combination.
    """
    drawn = EDIT_KINDS[int(rng.choice(len(EDIT_KINDS), p=_SHARES))] if kind is None else kind
    for one in shuffled(sight.seen, rng):
        name = short_name(sight, one, rng)
        values = _values(scene, one, drawn) if _is_free(sight, one, drawn) else []
        if name is None or not values:
            continue
        value = pick(values, rng)
        phrase = pick(_PHRASES[drawn], rng)
        return Instruction(
            kind=drawn,
            index=one.index,
            value=value,
            text=phrase.format(name=name, value=value, a_value=with_article(value or "thing")),
            result=_edited(scene, one.index, drawn, value),
        )
    return None


def _is_free(sight: Sight, one: Seen, kind: EditKind) -> bool:
    """Whether the edit leaves nothing hanging in the air: what is carried or carries keeps its form."""
    carries = one.index in sight.carriers.values()
    if kind == "remove":
        return not carries
    return kind in ("colour", "material") or not (carries or one.index in sight.carriers)


def _values(scene: Scene, one: Seen, kind: EditKind) -> list[str]:
    """What the thing's attribute may be changed to."""
    thing = one.thing
    if kind == "remove":
        return [""]
    if kind == "size":
        other = "small" if thing.size == "large" else "large"
        return [other] if other == "small" or _has_room(scene, one.index) else []
    candidates = {"colour": tuple(COLOURS), "shape": SHAPES, "material": MATERIALS}[kind]
    values = [value for value in candidates if value != one.value(kind)]
    if scene.split == "novel":
        return values
    kept = {"colour": thing.colour, "shape": thing.shape, "material": thing.material}
    return [value for value in values if not is_novel(**{**kept, kind: value})]  # pyright: ignore[reportArgumentType]


def _has_room(scene: Scene, index: int) -> bool:
    """Whether a small thing could grow large without touching another."""
    thing = change_size(scene, index, "large").things[index]
    return all(
        math.dist(thing.position[:2], other.position[:2]) > footprint(thing) + footprint(other)
        for place, other in enumerate(scene.things)
        if place != index
    )


def _edited(scene: Scene, index: int, kind: EditKind, value: str) -> Scene:
    if kind == "remove":
        return remove(scene, index)
    change = {
        "colour": recolour,
        "shape": change_shape,
        "material": change_material,
        "size": change_size,
    }[kind]
    return change(scene, index, value)  # pyright: ignore[reportArgumentType]
