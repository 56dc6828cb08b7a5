"""An expert for PushT: of many pushes, tried in the simulator, the one that brings the T nearest to its goal.

Pushes begin at places around the T's outline and lead straight in, by several lengths. Near is the mean
distance of the T's corners from where they belong, which tells of its place and its turn alike.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from jaxtyping import Float

__all__ = ["PushedBlock", "best_push", "corner_distance"]

Pose = tuple[float, float, float]
Point = Float[np.ndarray, " 2"]

SPACING = 20.0
"""Between the places where pushes begin, in the table's units."""

GAP = 20.0
"""From the outline to the pusher's middle, whose radius is 15."""

LENGTHS = (5.0, 10.0, 20.0, 40.0, 80.0, 140.0)
MARGIN = 15.0
SIDE = 512.0


class PushedBlock(Protocol):
    """A block on a table that can be pushed and put back."""

    @property
    def pose(self) -> Pose: ...  # noqa: D102
    @property
    def goal(self) -> Pose: ...  # noqa: D102
    @property
    def outlines(self) -> Sequence[Float[np.ndarray, "corners 2"]]: ...  # noqa: D102

    def lay(self, pose: Pose) -> None: ...  # noqa: D102
    def push(self, start: Point, end: Point) -> object: ...  # noqa: D102


def best_push(block: PushedBlock) -> tuple[Point, Point]:
    """Start and end (x, y) of the best push; the block is left where it was."""
    pose = block.pose
    corners = np.concatenate(list(block.outlines))
    best, nearest = None, math.inf
    for start, end in _pushes(block.outlines, pose):
        block.push(start, end)
        distance = corner_distance(corners, block.pose, block.goal)
        block.lay(pose)
        if distance < nearest:
            best, nearest = (start, end), distance
    assert best is not None, "a block on the table has a side to be pushed at"
    return best


def corner_distance(corners: Float[np.ndarray, "corners 2"], pose: Pose, goal: Pose) -> float:
    """Mean distance of a block's corners, given along its own axes, from where they belong."""
    apart = _placed(corners, pose) - _placed(corners, goal)
    return float(np.linalg.norm(apart, axis=1).mean())


def _pushes(outlines: Sequence[Float[np.ndarray, "corners 2"]], pose: Pose) -> Iterator[tuple[Point, Point]]:
    """Pushes at a block that begin and end on the table."""
    for local, inwards in _places(outlines):
        start = _placed(local[None], pose)[0]
        if np.any((start < MARGIN) | (start > SIDE - MARGIN)):
            continue
        towards = _placed(inwards[None], (0.0, 0.0, pose[2]))[0]
        for length in LENGTHS:
            yield start, np.clip(start + towards * (GAP - MARGIN + length), MARGIN, SIDE - MARGIN)


def _places(outlines: Sequence[Float[np.ndarray, "corners 2"]]) -> Iterator[tuple[Point, Point]]:
    """Places around the outlines, clear of all of them, and the direction in, along the block's own axes."""
    for corners in outlines:
        for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            edge = end - begin
            length = float(np.linalg.norm(edge))
            outwards = np.array([edge[1], -edge[0]]) / length
            outwards *= math.copysign(1.0, float(outwards @ ((begin + end) / 2 - corners.mean(axis=0))))
            count = max(1, int(length // SPACING))
            for number in range(count):
                place = begin + edge * ((number + 0.5) / count) + outwards * GAP
                if all(_is_clear(place, other) for other in outlines):
                    yield place, -outwards


def _is_clear(place: Point, corners: Float[np.ndarray, "corners 2"]) -> bool:
    """Whether a pusher fits there: the T's parts are upright boxes along its own axes."""
    low, high = corners.min(axis=0) - MARGIN - 1, corners.max(axis=0) + MARGIN + 1
    return bool(np.any((place <= low) | (place >= high)))


def _placed(points: Float[np.ndarray, "count 2"], pose: Pose) -> Float[np.ndarray, "count 2"]:
    x, y, turn = pose
    cosine, sine = math.cos(turn), math.sin(turn)
    return points @ np.array([[cosine, sine], [-sine, cosine]]) + [x, y]
