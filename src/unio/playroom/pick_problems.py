"""Pick-and-place problems ("put the red ball into the bowl") and the expert that solves them."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from unio.core import InputError, random_stream
from unio.playroom.frame import Frame
from unio.playroom.full_world import draw_full_scene
from unio.playroom.grasping import PickPlace, apply_pick_place
from unio.playroom.language.sight import Sight, holds
from unio.playroom.renderer import render
from unio.playroom.scene import Scene, Split
from unio.playroom.stacking import carriers_of, lowest_point

__all__ = ["GOALS", "Goal", "PickProblem", "expert_pick", "is_done", "middle_pixel", "pick_problem"]

Goal = Literal["on", "in", "left of", "right of", "in front of", "behind"]
"""How the thing must lie to the other one when done: on it, in it (a bowl), or beside it on the floor."""
GOALS: tuple[Goal, ...] = get_args(Goal)

_SIZE = 96
_AWAY = 0.24
"""Metres from the other thing at which something is set down beside it."""
_NEAR = 0.4
"""Metres within which it must lie then."""
_ON_FLOOR = 0.02
"""Metres below which the lowest point of what lies on the floor is, leaning or not."""
_TRIES = 6


@dataclass(frozen=True, kw_only=True)
class PickProblem:
    """Put the thing ``mover`` where ``goal`` says, seen from ``other``; both are indices.

    No two things share both colour and shape. ``expert`` is an action that solves it.
    """

    scene: Scene
    mover: int
    goal: Goal
    other: int
    expert: PickPlace


def pick_problem(seed: int, split: Split) -> PickProblem:
    """The problem of a seed in the full world, solved once by its expert; pure in (seed, split)."""
    rng = random_stream(seed, "playroom", "pick", split)
    while True:
        scene = draw_full_scene(rng, seed=seed, split=split, count=(2, 4))
        if len({(thing.colour, thing.shape) for thing in scene.things}) < len(scene.things):
            continue
        wanted = GOALS[:2] if rng.random() < 0.5 else GOALS[2:]
        asked: list[tuple[int, Goal, int]] = [
            (mover, goal, other)
            for mover in range(len(scene.things))
            for other in range(len(scene.things))
            for goal in (_goals(scene, mover, other) if mover != other else ())
            if goal in wanted
        ]
        if not asked:
            continue
        frame = render(scene, size=_SIZE)
        for place in rng.permutation(len(asked))[:_TRIES]:
            mover, goal, other = asked[int(place)]
            action = _plan(scene, frame, mover, goal, other)
            if action is None:
                continue
            episode = apply_pick_place(scene, action, with_contacts=False)
            if episode.is_stable and is_done(scene, episode.scenes[-1], mover, goal, other):
                return PickProblem(scene=scene, mover=mover, goal=goal, other=other, expert=action)


def expert_pick(scene: Scene, mover: int, goal: Goal, other: int) -> PickPlace:
    """What an expert does: picks the middle of what is seen of the thing, and places it where it belongs.

    Raises ``InputError`` if the thing is not seen or its place is out of the picture.
    """
    action = _plan(scene, render(scene, size=_SIZE), mover, goal, other)
    if action is None:
        raise InputError("the thing or its place is out of sight", got=scene.thing(mover).name)
    return action


def is_done(before: Scene, after: Scene, mover: int, goal: Goal, other: int) -> bool:
    """Whether the goal holds in ``after`` and did not in ``before``; the camera is that of ``before``."""
    return _holds(after, mover, goal, other) and not _holds(before, mover, goal, other)


def middle_pixel(frame: Frame, index: int) -> tuple[float, float] | None:
    """The place (y, x), 0..1, of a thing's pixel nearest to the middle of them all; None if unseen."""
    rows, columns = np.nonzero(frame.ids == index)
    if not len(rows):
        return None
    nearest = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
    size = len(frame.ids)
    return (float(rows[nearest]) + 0.5) / size, (float(columns[nearest]) + 0.5) / size


def _goals(scene: Scene, mover: int, other: int) -> list[Goal]:
    """What may be asked of two things: nothing that is so already or cannot be."""
    thing, base = scene.things[mover], scene.things[other]
    carriers = carriers_of(scene.things)
    if thing.shape in ("doll", "bowl") or mover in carriers.values() or other in carriers:
        return []
    is_empty = other not in carriers.values()
    if base.shape == "bowl":
        return ["in"] if base.size == "large" and thing.size == "small" and is_empty else []
    goals: list[Goal] = ["left of", "right of", "in front of", "behind"]
    is_flat = base.shape in ("box", "cylinder") and thing.shape not in ("ball", "capsule")
    if is_flat and is_empty and (base.size == "large" or thing.size == "small"):
        goals.append("on")
    return [goal for goal in goals if not _holds(scene, mover, goal, other)]


def _plan(scene: Scene, frame: Frame, mover: int, goal: Goal, other: int) -> PickPlace | None:
    pick = middle_pixel(frame, mover)
    base = scene.things[other]
    x, y, z = base.position
    if goal in ("on", "in"):
        height = z + base.half_extents[2] if goal == "on" else z - 0.8 * base.half_extents[2]
        target = np.array([x, y, height])
    else:
        right, back = scene.camera.rotation[:2, 0], scene.camera.rotation[:2, 2]
        towards = back / np.linalg.norm(back)
        way = {"left of": -right, "right of": right, "in front of": towards, "behind": -towards}[goal]
        target = np.array([*(np.array([x, y]) + way * _AWAY), 0.0])
    projection = scene.camera.project(target[None])
    if pick is None or not projection.inside[0]:
        return None
    down, across = projection.points[0].tolist()
    return PickPlace(pick=pick, place=(down, across))


def _holds(scene: Scene, mover: int, goal: Goal, other: int) -> bool:
    carriers = carriers_of(scene.things)
    if goal in ("on", "in"):
        return carriers.get(mover) == other
    first, second = scene.things[mover].position, scene.things[other].position
    is_near = float(np.hypot(first[0] - second[0], first[1] - second[1])) < _NEAR
    seen = [Sight.measure(scene, index) for index in (mover, other)]
    lies = lowest_point(scene.things[mover]) < _ON_FLOOR
    return lies and mover not in carriers and is_near and holds(seen[0], goal, seen[1]) is True
