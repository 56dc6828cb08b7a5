"""Pick and place: the thing at a place of the picture is lifted, carried and set down at another.

The hand is not seen; a held thing stays as it is turned but for the wanted turn, and everything else goes on
under physics.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.playroom.bodies import TIMESTEP
from unio.playroom.contacts import ForceRecord
from unio.playroom.episode import FRAME_RATE, Episode
from unio.playroom.rays import cast
from unio.playroom.resting import footprint
from unio.playroom.rotations import multiply, turn
from unio.playroom.scene import Scene
from unio.playroom.simulator import Simulator
from unio.playroom.stacking import lowest_point
from unio.playroom.things import Thing

__all__ = [
    "CARRY_HEIGHT",
    "SETTLE_FRAMES",
    "CarryPlan",
    "PickPlace",
    "apply_pick_place",
    "carry_plan",
    "ground_at",
    "support_height",
    "thing_at",
]

Place = tuple[float, float]

CARRY_HEIGHT = 0.24
"""Metres above the floor at which the lowest point of a held thing travels."""
_STRIDE = 0.07
"""Metres that a held thing moves in a tenth of a second."""
_DROP = 0.003
SETTLE_FRAMES = 7
"""Tenths of a second in which what is let go comes to rest."""
_STEPS_A_FRAME = round(1 / (FRAME_RATE * TIMESTEP))
_ABOVE = 5.0


@dataclass(frozen=True, kw_only=True)
class PickPlace:
    """Pick up what is seen at ``pick`` and set it down at ``place``, both (y, x), 0..1 in the picture.

    ``turned`` is by how much it is turned about the vertical on the way, in radians.
    """

    pick: Place
    place: Place
    turned: float = 0.0


@dataclass(frozen=True, kw_only=True)
class CarryPlan:
    """How a thing's middle is carried: up to the height ``travel``, across, and down to ``target`` (m)."""

    travel: float
    target: tuple[float, float, float]


def thing_at(scene: Scene, place: Place) -> int | None:
    """Index of the thing that the scene's camera sees at a place (y, x); None for floor and backdrop.

    Raises ``InputError`` for a place outside the picture.
    """
    _check(place)
    hits = cast(Simulator(scene.things), scene.camera.position, scene.camera.rays(np.array([place])))
    return int(hits.ids[0]) if hits.ids[0] >= 0 else None


def apply_pick_place(scene: Scene, action: PickPlace, *, with_contacts: bool = True) -> Episode:
    """Do it, ten states a second; the last of the episode's scenes is the result.

    Where no thing is picked, or the place is no ground, nothing is moved. Raises ``InputError`` for a place
    outside the picture.
    """
    index, target = thing_at(scene, action.pick), ground_at(scene, action)
    path = [] if index is None or target is None else list(_path(scene, index, target))
    simulator = Simulator(scene.things)
    record = ForceRecord(simulator)
    scenes = [scene]
    stride = 1 if with_contacts else _STEPS_A_FRAME
    if index is not None and path:
        simulator.hold([index])
    for frame in range(len(path) + SETTLE_FRAMES):
        if index is not None and frame < len(path):
            simulator.carry(index, path[frame], (0.0, 0.0, 0.0))
            _turn(simulator, index, action.turned * (frame + 1) / len(path))
        elif index is not None and frame == len(path):
            simulator.release(index)
        for _ in range(0, _STEPS_A_FRAME, stride):
            simulator.step(stride)
            if with_contacts:
                record.add_step()
        scenes.append(scene.replace(things=simulator.things_now()))
    return Episode(
        scenes=tuple(scenes),
        contacts=record.contacts(),
        seconds=(len(scenes) - 1) / FRAME_RATE,
        is_stable=simulator.is_stable,
    )


def support_height(scene: Scene, mover: int, place: Place) -> float:
    """Height in metres of what is under the thing ``mover`` if it is held above ``place`` (x, y in metres).

    The highest point under its footprint; in a bowl that it fits into, the bowl's bottom.
    """
    others = Simulator(tuple(thing for index, thing in enumerate(scene.things) if index != mover))
    radius = 0.85 * footprint(scene.thing(mover))
    angles = np.arange(12) * (2 * math.pi / 12)
    rim = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    spots = np.array(place) + np.concatenate([[[0.0, 0.0]], 0.5 * radius * rim, radius * rim])
    origin = np.array([*place, _ABOVE])
    directions = np.concatenate([spots, np.zeros((len(spots), 1))], axis=1) - origin
    hits = cast(others, origin, directions)
    return float((_ABOVE * (1 - hits.distance)).max())


def ground_at(scene: Scene, action: PickPlace) -> Float[np.ndarray, " 3"] | None:
    """The point (metres) that is seen at the place once the picked thing is gone; None for the backdrop.

    Raises ``InputError`` for a place outside the picture.
    """
    _check(action.place)
    picked = thing_at(scene, action.pick)
    left: tuple[Thing, ...] = tuple(thing for index, thing in enumerate(scene.things) if index != picked)
    direction = scene.camera.rays(np.array([action.place]))
    hits = cast(Simulator(left), scene.camera.position, direction)
    if hits.ids[0] < -1:
        return None
    return scene.camera.position + direction[0] * hits.distance[0]


def carry_plan(scene: Scene, index: int, place: Place) -> CarryPlan:
    """How the thing ``index``, as it lies, is set down at ``place`` (x, y in metres), just above it."""
    thing = scene.thing(index)
    foot = thing.position[2] - lowest_point(thing)
    height = support_height(scene, index, place) + foot + _DROP
    travel = max(CARRY_HEIGHT + foot, height, thing.position[2])
    return CarryPlan(travel=travel, target=(*place, height))


def _path(scene: Scene, index: int, target: Float[np.ndarray, " 3"]) -> Iterator[tuple[float, float, float]]:
    """Where the thing's middle is in each frame: straight up, across, and down until it touches."""
    thing = scene.things[index]
    plan = carry_plan(scene, index, (float(target[0]), float(target[1])))
    corners = [
        np.array(thing.position),
        np.array([*thing.position[:2], plan.travel]),
        np.array([*plan.target[:2], plan.travel]),
        np.array(plan.target),
    ]
    for start, end in pairwise(corners):
        frames = math.ceil(float(np.linalg.norm(end - start)) / _STRIDE)
        for frame in range(frames):
            x, y, z = (start + (end - start) * (frame + 1) / frames).tolist()
            yield x, y, z


def _turn(simulator: Simulator, index: int, angle: float) -> None:
    place = simulator.place_of(index)
    turned = multiply(turn((0, 0, 1), angle), simulator.things[index].rotation)
    simulator.data.qpos[place + 3 : place + 7] = turned


def _check(place: Place) -> None:
    if not all(0 <= value <= 1 for value in place):
        raise InputError("a place outside the picture", got=place, expected="(y, x) between 0 and 1")
