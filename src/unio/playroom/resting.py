"""How things lie on the floor: upright, a capsule on its side."""

import math
from dataclasses import replace

from unio.playroom.rotations import multiply, turn
from unio.playroom.things import Thing

__all__ = ["footprint", "heading", "rest"]


def rest(thing: Thing, place: tuple[float, float], angle: float) -> Thing:
    """The thing resting on the floor at ``place`` (x, y), turned by ``angle`` radians about the vertical."""
    turned = turn((0, 0, 1), angle)
    height = thing.half_extents[2]
    if thing.shape == "capsule":
        turned, height = multiply(turned, turn((0, 1, 0), math.pi / 2)), thing.half_extents[0]
    return replace(thing, position=(*place, height), rotation=turned)


def heading(thing: Thing) -> float:
    """The angle at which a resting thing is turned about the vertical: the inverse of `rest`."""
    axis = thing.rotation_matrix[:, 2 if thing.shape == "capsule" else 0]
    return math.atan2(axis[1], axis[0])


def footprint(thing: Thing) -> float:
    """Radius in metres of a circle on the floor that a resting thing stays within."""
    x, y, z = thing.half_extents
    if thing.shape == "box":
        return math.hypot(x, y)
    return max(x, z) if thing.shape == "capsule" else x
