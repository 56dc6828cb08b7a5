"""Things that happen by themselves: falling on the floor, rolling into each other."""

import math

import numpy as np

from unio.core import random_stream
from unio.playroom.bodies import ROLLING_DECELERATION
from unio.playroom.episode import Episode, Velocity, simulate
from unio.playroom.full_world import World, draw_world_scene
from unio.playroom.resting import rest
from unio.playroom.rotations import multiply, turn
from unio.playroom.scene import Scene, Split
from unio.playroom.stacking import carriers_of
from unio.playroom.things import Thing

__all__ = ["EPISODE_SECONDS", "drop", "drop_episode", "roll_episode", "rollers_of"]

EPISODE_SECONDS = 2.032
"""Length of the sound segment of the bundled model: 127 hops of 256 samples at 16 kHz."""

_ROLLERS = ("ball", "capsule")
_LOWEST, _HIGHEST = 0.10, 0.30
_LATEST_RELEASE = 1.0


def drop_episode(
    seed: int,
    split: Split,
    *,
    seconds: float = EPISODE_SECONDS,
    count: tuple[int, int] = (1, 3),
    world: World = "first",
    with_contacts: bool = True,
) -> Episode:
    """Things held in the air are let go, one after another, and fall on the floor.

    The first is let go at once, the others within the first second. A pure function of its arguments;
    without contacts there is no sound, but the same motion.
    """
    rng = random_stream(seed, "playroom", "drop", split)
    scene = draw_world_scene(world, rng, seed=seed, split=split, count=count)
    return drop(scene, seconds=seconds, with_contacts=with_contacts)


def drop(scene: Scene, *, seconds: float = EPISODE_SECONDS, with_contacts: bool = True) -> Episode:
    """The scene's things, held in the air above their places, are let go one after another.

    What carries something falls upright, together with what it carries.
    """
    rng = random_stream(scene.seed, "playroom", "let go", scene.split)
    lifted = [_lift(rng, thing) for thing in scene.things]
    releases = {index: float(rng.uniform(0.1, _LATEST_RELEASE)) for index in range(len(lifted))}
    releases[int(rng.integers(len(lifted)))] = float(rng.uniform(0, 0.15))
    for index, carrier in carriers_of(scene.things).items():
        base = scene.things[carrier]
        rise = lifted[carrier].position[2] - base.position[2]
        x, y, z = scene.things[index].position
        lifted[index] = scene.things[index].moved((x, y, z + rise))
        lifted[carrier] = base.moved((*base.position[:2], base.position[2] + rise))
        releases[index] = releases[carrier]
    return simulate(
        scene.replace(things=tuple(lifted)), seconds=seconds, releases=releases, with_contacts=with_contacts
    )


def roll_episode(
    seed: int,
    split: Split,
    *,
    seconds: float = EPISODE_SECONDS,
    count: tuple[int, int] = (2, 4),
    world: World = "first",
    with_contacts: bool = True,
) -> Episode:
    """A ball or a capsule is sent rolling, towards another thing if there is one.

    A pure function of its arguments; without contacts there is no sound, but the same motion.
    """
    rng = random_stream(seed, "playroom", "roll", split)
    scene = draw_world_scene(world, rng, seed=seed, split=split, count=count)
    while not (rollers := rollers_of(scene)):
        scene = draw_world_scene(world, rng, seed=seed, split=split, count=count)
    mover = int(rng.choice(rollers))
    others = [thing for index, thing in enumerate(scene.things) if index != mover]
    angle = float(rng.uniform(0, 2 * math.pi))
    speed = float(rng.uniform(0.6, 1.2))
    x, y, _ = scene.things[mover].position
    if others:
        target = others[int(rng.integers(len(others)))]
        angle = math.atan2(target.position[1] - y, target.position[0] - x)
        speed = max(speed, 1.2 * math.sqrt(2 * ROLLING_DECELERATION * math.dist((x, y), target.position[:2])))
    # A capsule rolls only across its axis.
    thing = rest(scene.things[mover], (x, y), angle + math.pi / 2)
    scene = scene.replace(things=(*scene.things[:mover], thing, *scene.things[mover + 1 :]))
    rate = speed / thing.half_extents[0]
    velocity = Velocity(
        linear=(speed * math.cos(angle), speed * math.sin(angle), 0.0),
        angular=(-rate * math.sin(angle), rate * math.cos(angle), 0.0),
    )
    return simulate(scene, seconds=seconds, velocities={mover: velocity}, with_contacts=with_contacts)


def rollers_of(scene: Scene) -> list[int]:
    """Indices of the balls and capsules that lie alone on the floor."""
    carriers = carriers_of(scene.things)
    return [
        index
        for index, thing in enumerate(scene.things)
        if thing.shape in _ROLLERS and index not in carriers and index not in carriers.values()
    ]


def _lift(rng: np.random.Generator, thing: Thing) -> Thing:
    """The thing in the air above its place, tilted a little."""
    x, y, z = thing.position
    angle = rng.uniform(0, 2 * math.pi)
    tilt = turn((math.cos(angle), math.sin(angle), 0.0), float(rng.uniform(0, 0.5)))
    # Tilting may lower an edge; the lowest lift leaves room for it.
    height = z + float(rng.uniform(_LOWEST, _HIGHEST))
    return thing.moved((x, y, height), multiply(tilt, thing.rotation))
