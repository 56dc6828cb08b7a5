"""What carries what: things on each other and in bowls, told from where they are."""

import math
from collections.abc import Sequence

from unio.playroom.resting import footprint
from unio.playroom.things import Thing

__all__ = ["carriers_of", "lowest_point"]

_OFF_FLOOR = 0.006
"""Metres above the floor from which on a thing is not standing on it."""
_CLOSE = 0.012
"""Metres between a thing and the top of what carries it."""


def carriers_of(things: Sequence[Thing]) -> dict[int, int]:
    """By index of the carried: the thing that it is on, or the bowl that it is in.

    A thing is on another if its middle is above the other and its lowest point is at the other's highest;
    it is in a bowl if its middle is within the bowl's rim and its lowest point below the rim.
    """
    bottoms = [lowest_point(thing) for thing in things]
    carriers: dict[int, int] = {}
    for index, thing in enumerate(things):
        if bottoms[index] < _OFF_FLOOR:
            continue
        under = [
            (float(other.corners()[:, 2].max()), place)
            for place, other in enumerate(things)
            if place != index and _carries(other, thing, bottoms[index])
        ]
        if under:
            carriers[index] = max(under)[1]
    return carriers


def lowest_point(thing: Thing) -> float:
    """Height in metres of a thing's lowest point; for tilted round things, of its cuboid's."""
    if thing.shape == "ball":
        return thing.position[2] - thing.half_extents[2]
    return float(thing.corners()[:, 2].min())


def _carries(base: Thing, top: Thing, bottom: float) -> bool:
    distance = math.dist(base.position[:2], top.position[:2])
    if base.shape == "bowl":
        low, high = base.position[2] - base.half_extents[2], base.position[2] + base.half_extents[2]
        return distance < base.half_extents[0] and low < bottom < high
    return distance < footprint(base) and abs(bottom - float(base.corners()[:, 2].max())) < _CLOSE
