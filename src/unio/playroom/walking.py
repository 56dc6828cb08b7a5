"""Navigation: a walker with a camera in its head among the things, one step or turn at a time."""

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

from unio.core import InputError, random_stream
from unio.playroom.camera import Camera
from unio.playroom.full_world import draw_full_scene
from unio.playroom.resting import footprint
from unio.playroom.scene import Scene, Split
from unio.playroom.stacking import carriers_of

__all__ = ["STEPS", "Walk", "WalkStep", "expert_step", "good_steps", "walk_problem"]

WalkStep = Literal["forward", "left", "right", "stop"]
STEPS: tuple[WalkStep, ...] = get_args(WalkStep)

MAX_STEPS = 24
"""Steps that a problem allows."""

_FORWARD = 0.12
_TURN = math.radians(30)
_EYE_HEIGHT = 0.3
_LOOK_DOWN = 22.0
_VIEW = 75.0
_LOOK_AHEAD = 0.6
_BODY = 0.05
"""Radius of the walker in metres: it stops before what it would touch."""
_ARRIVED = 0.3
"""Metres of floor between the walker and the goal's edge at which it may stop."""
_STRAIGHT = math.radians(16)
"""To one side of straight ahead that still counts as straight."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A walker on its way: at ``place`` (x, y in metres), facing ``heading`` (radians from +x).

    ``goal`` is the index of the thing to stop before. ``scene`` has the things; its camera is the walker's.
    """

    scene: Scene
    goal: int
    place: tuple[float, float]
    heading: float
    steps: int = 0
    has_stopped: bool = False

    @property
    def view(self) -> Scene:
        """The scene as the walker sees it."""
        ahead = _LOOK_AHEAD * math.cos(math.radians(_LOOK_DOWN))
        x, y = self.place
        camera = Camera(
            azimuth=math.degrees(self.heading) + 180,
            elevation=_LOOK_DOWN,
            distance=_LOOK_AHEAD,
            target=(
                x + ahead * math.cos(self.heading),
                y + ahead * math.sin(self.heading),
                _EYE_HEIGHT - _LOOK_AHEAD * math.sin(math.radians(_LOOK_DOWN)),
            ),
            field_of_view=_VIEW,
        )
        return self.scene.replace(camera=camera)

    @property
    def distance(self) -> float:
        """Metres of floor from the walker to the goal's edge."""
        goal = self.scene.things[self.goal]
        return math.dist(self.place, goal.position[:2]) - footprint(goal)

    @property
    def bearing(self) -> float:
        """Radians by which the goal is to the left of straight ahead, in (-pi, pi]."""
        x, y, _ = self.scene.things[self.goal].position
        angle = math.atan2(y - self.place[1], x - self.place[0]) - self.heading
        return math.pi - (math.pi - angle) % (2 * math.pi)

    @property
    def has_arrived(self) -> bool:
        """Whether the walker may stop: near the goal and facing it."""
        return self.distance <= _ARRIVED and abs(self.bearing) <= 2 * _STRAIGHT

    @property
    def success(self) -> bool:
        """Whether it has stopped where it should."""
        return self.has_stopped and self.has_arrived

    @property
    def done(self) -> bool:
        """Whether it has stopped or may take no more steps."""
        return self.has_stopped or self.steps >= MAX_STEPS

    def after(self, step: WalkStep) -> "Walk":
        """The walk one step on; a step into a thing leaves the walker where it is.

        Raises ``InputError`` for an unknown step.
        """
        if step not in STEPS:
            raise InputError("unknown step", got=repr(step), expected=f"one of {', '.join(STEPS)}")
        taken = self.steps + 1
        if step == "stop":
            return replace(self, steps=taken, has_stopped=True)
        if step == "forward":
            return replace(self, steps=taken, place=self._ahead())
        turned = self.heading + (_TURN if step == "left" else -_TURN)
        return replace(self, steps=taken, heading=turned % (2 * math.pi))

    def _ahead(self) -> tuple[float, float]:
        x, y = self.place
        there = (x + _FORWARD * math.cos(self.heading), y + _FORWARD * math.sin(self.heading))
        return there if self.is_clear(there) else self.place

    def is_clear(self, place: tuple[float, float]) -> bool:
        """Whether the walker would touch nothing at a place (x, y in metres)."""
        return all(
            math.dist(place, thing.position[:2]) > footprint(thing) + _BODY for thing in self.scene.things
        )


def good_steps(walk: Walk) -> tuple[WalkStep, ...]:
    """Every step that brings the walker on: the expert's first."""
    best = expert_step(walk)
    if best in ("left", "right") and abs(walk.bearing) > math.pi - _TURN:
        return best, "right" if best == "left" else "left"  # straight behind: either way round
    return (best,)


def expert_step(walk: Walk) -> WalkStep:
    """Turn until the goal is ahead, walk until it is near, stop."""
    if abs(walk.bearing) > _STRAIGHT:
        return "left" if walk.bearing > 0 else "right"
    return "stop" if walk.has_arrived else "forward"


def walk_problem(seed: int, split: Split) -> Walk:
    """The walk of a seed, from beside the things to one of them, which the expert reaches; pure."""
    rng = random_stream(seed, "playroom", "walk", split)
    while True:
        scene = draw_full_scene(rng, seed=seed, split=split, count=(2, 5))
        if len({(thing.colour, thing.shape) for thing in scene.things}) < len(scene.things):
            continue
        carried = carriers_of(scene.things)
        goals = [index for index in range(len(scene.things)) if index not in carried]
        goal = int(rng.choice(goals))
        angle, distance = float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0.55, 1.1))
        walk = Walk(
            scene=scene,
            goal=goal,
            place=(distance * math.cos(angle), distance * math.sin(angle)),
            heading=float(rng.uniform(0, 2 * math.pi)),
        )
        if walk.is_clear(walk.place) and not walk.has_arrived and _expert_arrives(walk):
            return walk


def _expert_arrives(walk: Walk) -> bool:
    while not walk.done:
        walk = walk.after(expert_step(walk))
    return walk.success
