"""How things lie on the floor: upright, a capsule on its side."""

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from unio.playroom.rotations import multiply, turn
from unio.playroom.things import Thing

__all__ = ["footprint", "heading", "reach", "rest"]


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


def reach(thing: Thing, direction: Float[np.ndarray, " 2"]) -> float:
    """How far the thing's shadow from straight above reaches from its middle, in metres.

    ``direction`` is a unit vector on the floor. Exact for balls, boxes and capsules however they lie; for
    a cylinder or a cone, the reach of a cylinder around it.
    """
    x, y, z = thing.half_extents
    shares = np.abs(np.array([direction[0], direction[1], 0.0]) @ thing.rotation_matrix)
    if thing.shape == "ball":
        return x
    if thing.shape == "capsule":
        return float(x + (z - x) * shares[2])
    if thing.shape == "box":
        return float(shares @ (x, y, z))
    return float(x * np.hypot(shares[0], shares[1]) + z * shares[2])
