"""Push problems ("push the red ball to the blue box") and the expert that solves them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from unio.core import InputError, random_stream
from unio.playroom.bodies import PUSHER_HALF_LENGTH, PUSHER_RADIUS
from unio.playroom.episode import Push
from unio.playroom.full_world import World, draw_world_scene
from unio.playroom.pushing import apply_push, gap_between, push_succeeded
from unio.playroom.resting import footprint, reach
from unio.playroom.scene import Scene, Split
from unio.playroom.stacking import carriers_of

__all__ = ["MAX_PUSHES", "PushProblem", "expert_push", "push_problem"]

MAX_PUSHES = 3
"""Pushes that a problem allows."""

_CLEARANCE = 0.035
"""Metres between the bar and the mover before the push."""
_OVERSHOOT = 0.008
"""Metres by which the mover is pressed onto the goal."""
_MARGIN = 0.02
_LEAST_GAP = 0.08


@dataclass(frozen=True, kw_only=True)
class PushProblem:
    """Push ``mover`` until it lies beside ``goal``; both are indices of the scene's things.

    No two things of the scene share both colour and shape, so that "the red ball" names one.
    """

    scene: Scene
    mover: int
    goal: int


def push_problem(seed: int, split: Split, *, world: World = "first") -> PushProblem:
    """The problem of a seed: a pure function of its arguments. The expert's first push solves it."""
    rng = random_stream(seed, "playroom", "push", split)
    while True:
        scene = draw_world_scene(world, rng, seed=seed, split=split, count=(2, 4))
        if carriers_of(scene.things):
            continue
        names = {(thing.colour, thing.shape) for thing in scene.things}
        if len(names) < len(scene.things):
            continue
        for mover, goal in _pairs(rng, len(scene.things)):
            if _is_solved_by_expert(scene, mover, goal):
                return PushProblem(scene=scene, mover=mover, goal=goal)


def expert_push(scene: Scene, mover: int, goal: int) -> Push:
    """The push that brings ``mover`` beside ``goal``: from behind it, straight on, until they touch.

    Places are floor points as the camera sees them, kept inside the picture. Raises ``InputError`` if the
    two are the same thing or there is no such thing.
    """
    start, end = _bar_places(scene, mover, goal)
    places = scene.camera.project(np.array([[*start, 0.0], [*end, 0.0]])).points
    (y1, x1), (y2, x2) = np.clip(places, 0, 1).tolist()
    return Push(start=(y1, x1), end=(y2, x2))


def _bar_places(
    scene: Scene, mover: int, goal: int
) -> tuple[Float[np.ndarray, " 2"], Float[np.ndarray, " 2"]]:
    """Where on the floor the bar's middle starts and ends."""
    if mover == goal:
        raise InputError("a thing cannot be pushed to itself", got=f"mover and goal are both {mover}")
    thing, target = scene.thing(mover), scene.thing(goal)
    here, there = np.array(thing.position[:2]), np.array(target.position[:2])
    direction = (there - here) / max(float(np.hypot(*(there - here))), 1e-6)
    behind = reach(thing, direction) + PUSHER_RADIUS
    start = here - direction * (behind + _CLEARANCE)
    end = there - direction * (reach(target, direction) + reach(thing, direction) + behind - _OVERSHOOT)
    return start, end


def _pairs(rng: np.random.Generator, count: int) -> Iterator[tuple[int, int]]:
    """All (mover, goal) pairs in random order."""
    for place in rng.permutation(count * count):
        mover, goal = divmod(int(place), count)
        if mover != goal:
            yield mover, goal


def _is_solved_by_expert(scene: Scene, mover: int, goal: int) -> bool:
    """Cheap tests first: apart, the bar's way free and in the picture; then the push itself is tried."""
    start, end = _bar_places(scene, mover, goal)
    seen = scene.camera.project(np.array([[*start, 0.0], [*end, 0.0]])).points
    if seen.min() < _MARGIN or seen.max() > 1 - _MARGIN:
        return False
    if not _way_is_free(scene, start, mover=mover, goal=goal) or gap_between(scene, mover, goal) < _LEAST_GAP:
        return False
    after = apply_push(scene, expert_push(scene, mover, goal), with_contacts=False).scenes[-1]
    return push_succeeded(scene, after, mover, goal)


def _way_is_free(scene: Scene, start: Float[np.ndarray, " 2"], *, mover: int, goal: int) -> bool:
    """Whether no third thing stands between ``start`` and the goal."""
    end = np.array(scene.things[goal].position[:2])
    way = end - start
    width = max(PUSHER_HALF_LENGTH + PUSHER_RADIUS, footprint(scene.things[mover]))
    for index, thing in enumerate(scene.things):
        if index in (mover, goal):
            continue
        share = float(np.clip((thing.position[:2] - start) @ way / (way @ way), 0, 1))
        if math.dist(start + share * way, thing.position[:2]) < width + footprint(thing):
            return False
    return True
