"""The full world: all shapes, stacks, a bowl with something in it, a jointed doll.

The first world (`unio.playroom.sampling`) is what `unio-nano` was trained on and never changes; this one
has random streams of its own.
"""

import math
from typing import Literal, get_args

import numpy as np

from unio.core import InputError, random_stream
from unio.playroom.doll import JOINT_LIMITS
from unio.playroom.pieces import BOWL_FLOOR
from unio.playroom.resting import rest
from unio.playroom.sampling import (
    PLAY_RADIUS,
    Kind,
    draw_camera,
    draw_floor,
    draw_kind,
    draw_light,
    draw_scene,
    stand_apart,
    well_seen,
)
from unio.playroom.scene import Scene, Split, check_split
from unio.playroom.things import ALL_SHAPES, Shape, Thing

__all__ = ["WORLDS", "World", "draw_full_scene", "draw_world_scene", "sample_full_scene"]

World = Literal["first", "full"]
WORLDS: tuple[World, ...] = get_args(World)

_MOST_THINGS = 6
_PLAIN: tuple[Shape, ...] = tuple(shape for shape in ALL_SHAPES if shape not in ("bowl", "doll"))
_SUPPORTS: tuple[Shape, ...] = ("box", "cylinder")
_STACK_SHARE, _BOWL_SHARE, _DOLL_SHARE = 0.35, 0.25, 0.25
_LEAST_SEEN = 0.45
_LEAST_AREA = 0.005
_TRIES = 40

_Group = tuple[Kind, ...]
"""What stands at one place: one thing, or one and what is on it or in it."""


def sample_full_scene(seed: int, split: Split, *, count: tuple[int, int] = (1, 6)) -> Scene:
    """The full world's scene of a seed, a pure function of its arguments.

    Shapes are all of `ALL_SHAPES`, at most one doll and one bowl; a thing may stand on a large box or
    cylinder, or in a large bowl. Splits hold out combinations as in the first world. Raises ``InputError``
    for an unknown split or an impossible count.
    """
    rng = random_stream(seed, "playroom", "full scene", split)
    return draw_full_scene(rng, seed=seed, split=split, count=count)


def draw_world_scene(
    world: World, rng: np.random.Generator, *, seed: int, split: Split, count: tuple[int, int]
) -> Scene:
    """The next scene of a random stream, in either world."""
    draw = draw_scene if world == "first" else draw_full_scene
    return draw(rng, seed=seed, split=split, count=count)


def draw_full_scene(rng: np.random.Generator, *, seed: int, split: Split, count: tuple[int, int]) -> Scene:
    """The next scene of a random stream, as `sample_full_scene` makes it."""
    check_split(split)
    fewest, most = count
    if not 1 <= fewest <= most <= _MOST_THINGS:
        raise InputError(
            "impossible count of things", got=f"{count}", expected=f"1 <= fewest <= most <= {_MOST_THINGS}"
        )
    number = int(rng.integers(fewest, most + 1))
    light, floor = draw_light(rng), draw_floor(rng)
    while True:
        groups = _draw_groups(rng, number, split)
        # Some kinds cannot stand together in sight, so that they too are drawn anew after a while.
        for _ in range(_TRIES):
            camera = draw_camera(rng)
            things = _place(rng, groups)
            if things is not None and well_seen(camera, things, min_share=_LEAST_SEEN, min_area=_LEAST_AREA):
                return Scene(seed=seed, split=split, things=things, camera=camera, light=light, floor=floor)


def _draw_groups(rng: np.random.Generator, number: int, split: Split) -> list[_Group]:
    """``number`` kinds, true to the split, some of them together; no particular order."""
    must_be_novel = int(rng.integers(number)) if split == "novel" else -1
    shapes = _draw_shapes(rng, number)
    groups: list[_Group] = []
    made = 0
    for shape_group in shapes:
        group: list[Kind] = []
        for place, allowed in enumerate(shape_group):
            novel = True if made == must_be_novel else (None if split == "novel" else False)
            is_support = len(shape_group) == 2 and place == 0
            group.append(_kind_of_size(rng, novel, allowed, is_support=is_support, is_carried=place == 1))
            made += 1
        groups.append(tuple(group))
    return [groups[index] for index in rng.permutation(len(groups))]


def _draw_shapes(rng: np.random.Generator, number: int) -> list[tuple[tuple[Shape, ...], ...]]:
    """The shapes that each member of each group may have."""
    groups: list[tuple[tuple[Shape, ...], ...]] = []
    left = number
    if left >= 2 and rng.random() < _BOWL_SHARE:
        groups.append((("bowl",), _PLAIN))
        left -= 2
    elif rng.random() < 0.1:
        groups.append((("bowl",),))
        left -= 1
    if left >= 1 and rng.random() < _DOLL_SHARE:
        groups.append((("doll",),))
        left -= 1
    if left >= 2 and rng.random() < _STACK_SHARE:
        groups.append((_SUPPORTS, _PLAIN))
        left -= 2
    return groups + [(_PLAIN,)] * left


def _kind_of_size(
    rng: np.random.Generator,
    novel: bool | None,
    shapes: tuple[Shape, ...],
    *,
    is_support: bool,
    is_carried: bool,
) -> Kind:
    """A kind whose size fits its part: what carries is large, what is carried small."""
    shape, colour, material, size = draw_kind(rng, novel=novel, shapes=shapes)
    if is_support:
        size = "large"
    elif is_carried:
        size = "small"
    return shape, colour, material, size


def _place(rng: np.random.Generator, groups: list[_Group]) -> tuple[Thing, ...] | None:
    """The groups set down without touching, or None if no room was found."""
    bases: list[Thing] = []
    things: list[Thing] = []
    for group in groups:
        for _ in range(12):
            radius, angle = PLAY_RADIUS * math.sqrt(rng.random()), rng.uniform(0, 2 * math.pi)
            place = (radius * math.cos(angle), radius * math.sin(angle))
            base = rest(_thing(rng, group[0]), place, float(rng.uniform(0, 2 * math.pi)))
            if all(stand_apart(base, other) for other in bases):
                break
        else:
            return None
        bases.append(base)
        things.append(base)
        things.extend(_carried(rng, kind, base) for kind in group[1:])
    return tuple(things)


def _thing(rng: np.random.Generator, kind: Kind) -> Thing:
    shape, colour, material, size = kind
    joints = _pose(rng) if shape == "doll" else ()
    return Thing(shape=shape, colour=colour, material=material, size=size, position=(0, 0, 0), joints=joints)


def _carried(rng: np.random.Generator, kind: Kind, base: Thing) -> Thing:
    """The thing on top of a support, near its middle, or in the middle of a bowl."""
    thing = _thing(rng, kind)
    x, y, z = base.position
    half = base.half_extents[2]
    if base.shape == "bowl":
        height = z - half + 2 * BOWL_FLOOR * half
        room = 0.0
    else:
        height, room = z + half, 0.25 * base.half_extents[0]
    place = (x + float(rng.uniform(-room, room)), y + float(rng.uniform(-room, room)))
    return rest(thing, place, float(rng.uniform(0, 2 * math.pi)), height=height)


def _pose(rng: np.random.Generator) -> tuple[float, ...]:
    """Hinge angles within their limits, nearer to the middle more often than to the ends."""
    shares = rng.beta(1.6, 1.6, size=len(JOINT_LIMITS))
    return tuple(
        float(low + (high - low) * share) for (low, high), share in zip(JOINT_LIMITS, shares, strict=True)
    )
