"""Things that happen by themselves: falling on the floor, rolling into each other."""

import math

import numpy as np

from unio.core import random_stream
from unio.playroom.episode import Episode, Velocity, simulate
from unio.playroom.resting import rest
from unio.playroom.rotations import multiply, turn
from unio.playroom.sampling import draw_scene
from unio.playroom.scene import Scene, Split
from unio.playroom.things import Thing

__all__ = ["EPISODE_SECONDS", "drop_episode", "roll_episode"]

EPISODE_SECONDS = 2.032
"""Length of the sound segment of the bundled model: 127 hops of 256 samples at 16 kHz."""

_LOWEST, _HIGHEST = 0.10, 0.30
_LATEST_RELEASE = 1.0


def drop_episode(
    seed: int, split: Split, *, seconds: float = EPISODE_SECONDS, count: tuple[int, int] = (1, 3)
) -> Episode:
    """Things held in the air are let go, one after another, and fall on the floor.

    The first is let go at once, the others within the first second. A pure function of its arguments.
    """
    rng = random_stream(seed, "playroom", "drop", split)
    scene = draw_scene(rng, seed=seed, split=split, count=count)
    lifted = tuple(_lift(rng, thing) for thing in scene.things)
    releases = {index: float(rng.uniform(0.1, _LATEST_RELEASE)) for index in range(len(lifted))}
    releases[int(rng.integers(len(lifted)))] = float(rng.uniform(0, 0.15))
    return simulate(scene.replace(things=lifted), seconds=seconds, releases=releases)


def roll_episode(
    seed: int, split: Split, *, seconds: float = EPISODE_SECONDS, count: tuple[int, int] = (2, 4)
) -> Episode:
    """One thing is sent towards another: balls and capsules roll, all else slides.

    A pure function of its arguments.
    """
    rng = random_stream(seed, "playroom", "roll", split)
    scene = draw_scene(rng, seed=seed, split=split, count=count)
    rollers = [index for index, thing in enumerate(scene.things) if thing.shape == "ball"]
    mover = int(rng.choice(rollers)) if rollers else int(rng.integers(len(scene.things)))
    others = [index for index in range(len(scene.things)) if index != mover]
    target = int(rng.choice(others)) if others else mover
    scene, velocity = _send(rng, scene, mover=mover, target=target)
    return simulate(scene, seconds=seconds, velocities={mover: velocity})


def _lift(rng: np.random.Generator, thing: Thing) -> Thing:
    """The thing in the air above its place, tilted a little."""
    x, y, z = thing.position
    angle = rng.uniform(0, 2 * math.pi)
    tilt = turn((math.cos(angle), math.sin(angle), 0.0), float(rng.uniform(0, 0.5)))
    # Tilting may lower an edge; the lowest lift leaves room for it.
    height = z + float(rng.uniform(_LOWEST, _HIGHEST))
    return thing.moved((x, y, height), multiply(tilt, thing.rotation))


def _send(
    rng: np.random.Generator, scene: Scene, *, mover: int, target: int
) -> tuple[Scene, Velocity]:
    """The scene and the start of ``mover`` towards ``target``; a capsule is turned across its way."""
    thing, goal = scene.things[mover], scene.things[target]
    if mover == target:
        angle = float(rng.uniform(0, 2 * math.pi))
    else:
        angle = math.atan2(goal.position[1] - thing.position[1], goal.position[0] - thing.position[0])
    speed = float(rng.uniform(0.9, 1.6))
    linear = (speed * math.cos(angle), speed * math.sin(angle), 0.0)
    if thing.shape not in ("ball", "capsule"):
        return scene, Velocity(linear=linear)
    if thing.shape == "capsule":
        thing = rest(thing, thing.position[:2], angle + math.pi / 2)
        scene = scene.replace(things=(*scene.things[:mover], thing, *scene.things[mover + 1 :]))
    rate = speed / thing.half_extents[0]
    return scene, Velocity(linear=linear, angular=(-rate * math.sin(angle), rate * math.cos(angle), 0.0))
