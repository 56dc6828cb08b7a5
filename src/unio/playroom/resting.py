"""How things lie on the floor or on each other: upright, a capsule on its side, a doll on its feet."""

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from unio.playroom.rotations import multiply, turn
from unio.playroom.things import Thing

__all__ = ["footprint", "heading", "reach", "rest"]


def rest(thing: Thing, place: tuple[float, float], angle: float, *, height: float = 0.0) -> Thing:
    """The thing resting at ``place`` (x, y), turned by ``angle`` radians about the vertical.

    It rests on the floor, or on something that is ``height`` metres high there.
    """
    turned = turn((0, 0, 1), angle)
    middle = thing.half_extents[2]
    if thing.shape == "capsule":
        turned, middle = multiply(turned, turn((0, 1, 0), math.pi / 2)), thing.half_extents[0]
    elif thing.shape == "doll":
        middle = -float(thing.bounds[0, 2])
    return replace(thing, position=(*place, height + middle), rotation=turned)


def heading(thing: Thing) -> float:
    """The angle at which a resting thing is turned about the vertical: the inverse of `rest`."""
    axis = thing.rotation_matrix[:, 2 if thing.shape == "capsule" else 0]
    return math.atan2(axis[1], axis[0])


def footprint(thing: Thing) -> float:
    """Radius in metres of a circle on the floor that a resting thing stays within."""
    x, y, z = thing.half_extents
    if thing.shape in ("box", "pyramid"):
        return math.hypot(x, y)
    if thing.shape == "doll":
        return float(np.abs(thing.bounds[:, :2]).max(axis=0) @ (0.5, 0.5)) * math.sqrt(2)
    return max(x, z) if thing.shape == "capsule" else x


def reach(thing: Thing, direction: Float[np.ndarray, " 2"]) -> float:
    """How far the thing's shadow from straight above reaches from its middle, in metres.

    ``direction`` is a unit vector on the floor. Exact for balls, boxes and capsules however they lie; for
    a pyramid or a doll, the reach of the box around it; for other shapes, of a cylinder around it.
    """
    x, y, z = thing.half_extents
    shares = np.abs(np.array([direction[0], direction[1], 0.0]) @ thing.rotation_matrix)
    if thing.shape == "ball":
        return x
    if thing.shape == "capsule":
        return float(x + (z - x) * shares[2])
    if thing.shape in ("box", "pyramid", "doll"):
        return float(shares @ (x, y, z))
    return float(x * np.hypot(shares[0], shares[1]) + z * shares[2])
