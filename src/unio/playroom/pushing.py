"""Pushing: a lying bar that lands on the floor, moves in a straight line and is taken away."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.playroom.bodies import PUSHER_HALF_LENGTH, PUSHER_RADIUS
from unio.playroom.episode import Episode, Push, simulate
from unio.playroom.resting import reach
from unio.playroom.rotations import Quaternion, multiply, turn
from unio.playroom.scene import Scene
from unio.playroom.simulator import Simulator
from unio.playroom.things import Thing

__all__ = ["ADJACENT", "apply_push", "gap_between", "push_succeeded"]

ADJACENT = 0.03
"""Metres of air between two things that still count as side by side."""

_HEIGHT = 0.03
_SPEED = 0.35
_SHORTEST = 0.3
_SETTLE = 0.6
_LEAST_MOVE = 0.02
_BACK_STEP = 0.01


def apply_push(scene: Scene, push: Push, *, with_contacts: bool = True) -> Episode:
    """Make the push and let things come to rest; the last of the episode's scenes is the result.

    Without contacts there is no sound, but the same motion, faster.

    ``push`` holds floor points as the scene's camera sees them. A bar that would land on a thing lands as
    far back along its line as it must to be free. Raises ``InputError`` for a place outside the picture
    or above the horizon.
    """
    start, end = _floor_points(scene, push)
    way = end - start
    length = float(np.hypot(*way))
    if length < 1e-3:
        episode = simulate(scene, seconds=_SETTLE, with_contacts=with_contacts)
        return replace(episode, actions=(push,))
    direction = way / length
    start = _free_start(scene.things, start, direction)
    length = float(np.hypot(*(end - start)))
    moving = max(length / _SPEED, _SHORTEST)

    def path(time: float) -> Float[np.ndarray, " 3"]:
        share = min(time / moving, 1.0)
        # Ease in and out; when done the bar goes up and away.
        done = share * share * (3 - 2 * share)
        lift = max(time - moving - 0.1, 0.0) * 2.0
        return np.array([*(start + (end - start) * done), _HEIGHT + lift])

    seconds = math.ceil((moving + _SETTLE) * 10) / 10
    episode = simulate(
        scene,
        seconds=seconds,
        pusher=path,
        pusher_turn=_across(direction),
        with_contacts=with_contacts,
    )
    return replace(episode, actions=(push,))


def push_succeeded(before: Scene, after: Scene, mover: int, goal: int) -> bool:
    """Whether ``mover`` was moved and now lies beside ``goal``, with at most `ADJACENT` of air between."""
    moved = math.dist(before.thing(mover).position, after.thing(mover).position)
    return moved > _LEAST_MOVE and gap_between(after, mover, goal) <= ADJACENT


def gap_between(scene: Scene, first: int, second: int) -> float:
    """Metres of air between two things of a scene, negative where they press into each other."""
    return Simulator((scene.thing(first), scene.thing(second))).gap(0, 1)


def _floor_points(scene: Scene, push: Push) -> Float[np.ndarray, "2 2"]:
    places = np.array([push.start, push.end], dtype=np.float64)
    if not np.all((places >= 0) & (places <= 1)):
        raise InputError(
            "a push leaves the picture",
            got=f"start {push.start}, end {push.end}",
            expected="(y, x) between 0 and 1",
        )
    points = scene.camera.unproject_to_floor(places)[:, :2]
    if not np.isfinite(points).all():
        raise InputError("a push points above the horizon", got=f"start {push.start}, end {push.end}")
    return points


def _free_start(
    things: Sequence[Thing], start: Float[np.ndarray, " 2"], direction: Float[np.ndarray, " 2"]
) -> Float[np.ndarray, " 2"]:
    """``start``, or the first place behind it where the bar touches no thing."""
    while any(_overlaps(thing, start, direction) for thing in things):
        start = start - direction * _BACK_STEP
    return start


def _overlaps(thing: Thing, start: Float[np.ndarray, " 2"], direction: Float[np.ndarray, " 2"]) -> bool:
    """Whether the bar and the thing, each taken as a rectangle along ``direction``, share a point."""
    offset = np.asarray(thing.position[:2]) - start
    side = np.array([-direction[1], direction[0]])
    along, across = abs(float(offset @ direction)), abs(float(offset @ side))
    half_width = PUSHER_HALF_LENGTH + PUSHER_RADIUS
    return along < PUSHER_RADIUS + reach(thing, direction) and across < half_width + reach(thing, side)


def _across(direction: Float[np.ndarray, " 2"]) -> Quaternion:
    """The turn that lays the bar, whose own axis is z, across a direction on the floor."""
    angle = math.atan2(direction[1], direction[0])
    return multiply(turn((0, 0, 1), angle), turn((1, 0, 0), math.pi / 2))
