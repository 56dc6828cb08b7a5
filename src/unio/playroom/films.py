"""Films: one thing of a full scene falls, rolls, hits another, slides or is lifted, seen and heard.

A film is an episode of 2.032 s and what it shows. Its five frames, half a second apart, are in step with its
sound.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from unio.core import InputError, random_stream
from unio.playroom.episode import FRAME_RATE, Episode, Velocity, simulate
from unio.playroom.full_world import draw_full_scene
from unio.playroom.grasping import apply_pick_place
from unio.playroom.happenings import EPISODE_SECONDS, rollers_of
from unio.playroom.pick_problems import Goal, pick_problem
from unio.playroom.push_problems import expert_push, push_problem
from unio.playroom.pushing import apply_push, push_succeeded
from unio.playroom.resting import rest
from unio.playroom.scene import Scene, Split
from unio.playroom.stacking import carriers_of

__all__ = ["FILM_FRAMES", "VERBS", "Film", "Verb", "film", "has_doll"]

Verb = Literal["fall", "roll", "hit", "slide", "lift"]
VERBS: tuple[Verb, ...] = get_args(Verb)

FILM_FRAMES = 5
"""Frames of a film, half a second apart: 0.0, 0.5, 1.0, 1.5 and 2.0 s."""

_FRAME_STEP = 5
_LEAST_MOVE = 0.08
_AT_REST = 0.01
"""Metres that a thing may sink or sway and still be said to rest."""
_NUDGED = 0.05
"""Metres that a thing may be moved by the way where no one is said to hit it."""
_SEEDS = 2**62


@dataclass(frozen=True, kw_only=True)
class Film:
    """What is seen, and the truth of it.

    ``mover`` (index) does the ``verb``: it falls; rolls and hits nothing; rolls and hits ``other``; slides to
    ``other``; or is lifted and put as ``goal`` says, seen from ``other``. No two things share colour and
    shape, nothing moves before the mover, and dolls, which do not stand for long, are only seen falling.
    """

    episode: Episode
    verb: Verb
    mover: int
    other: int | None = None
    goal: Goal | None = None

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        """The states of the five frames."""
        states = self.episode.scenes
        return tuple(states[min(place * _FRAME_STEP, len(states) - 1)] for place in range(FILM_FRAMES))


def film(seed: int, split: Split, *, verb: Verb | None = None) -> Film:
    """The film of a seed, of the given verb or one that the seed draws. Pure in its arguments.

    Raises ``InputError`` for an unknown verb.
    """
    if verb is not None and verb not in VERBS:
        raise InputError("unknown verb", got=repr(verb), expected=f"one of {', '.join(VERBS)}")
    rng = random_stream(seed, "playroom", "film", split)
    wanted = VERBS[int(rng.integers(len(VERBS)))] if verb is None else verb
    make: Callable[[int, Split, np.random.Generator], Film | None] = _MAKERS[wanted]
    while True:
        seed_of_try: np.int64 = rng.integers(_SEEDS)
        made = make(int(seed_of_try), split, rng)
        if made is not None and made.episode.is_stable and _moves(made) and _acts_alone(made):
            return made


def has_doll(scene: Scene) -> bool:
    """Whether a scene holds a doll, which falls over by itself."""
    return any(thing.shape == "doll" for thing in scene.things)


def _fall(seed: int, split: Split, rng: np.random.Generator) -> Film | None:
    scene = _nameable(seed, split, rng)
    if scene is None:
        return None
    carried = carriers_of(scene.things)
    free = [index for index in range(len(scene.things)) if index not in {*carried, *carried.values()}]
    dolls = [index for index in free if scene.things[index].shape == "doll"]
    free = dolls or free
    if not free:
        return None
    mover = int(rng.choice(free))
    x, y, z = scene.things[mover].position
    lifted = scene.things[mover].moved((x, y, z + float(rng.uniform(0.12, 0.3))))
    things = (*scene.things[:mover], lifted, *scene.things[mover + 1 :])
    release = float(rng.uniform(0.05, 0.9))
    episode = simulate(scene.replace(things=things), seconds=EPISODE_SECONDS, releases={mover: release})
    hit_another = any(mover in (c.thing, c.other) and c.other >= 0 for c in episode.contacts)
    return None if hit_another else Film(episode=episode, verb="fall", mover=mover)


def _roll(seed: int, split: Split, rng: np.random.Generator, *, hits: bool = False) -> Film | None:
    """Sends a roller anywhere, or straight at another thing; whether it hit decides what the film is."""
    scene = _nameable(seed, split, rng)
    rollers = [] if scene is None or has_doll(scene) else rollers_of(scene)
    if scene is None or not rollers or (hits and len(scene.things) < 2):
        return None
    mover = int(rng.choice(rollers))
    x, y, _ = scene.things[mover].position
    angle, speed = float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0.4, 0.7))
    if hits:
        target = int(rng.choice([index for index in range(len(scene.things)) if index != mover]))
        there = scene.things[target].position
        angle, speed = math.atan2(there[1] - y, there[0] - x), float(rng.uniform(0.8, 1.2))
    thing = rest(scene.things[mover], (x, y), angle + math.pi / 2)  # a capsule rolls only across its axis
    rate = speed / thing.half_extents[0]
    velocity = Velocity(
        linear=(speed * math.cos(angle), speed * math.sin(angle), 0.0),
        angular=(-rate * math.sin(angle), rate * math.cos(angle), 0.0),
    )
    scene = scene.replace(things=(*scene.things[:mover], thing, *scene.things[mover + 1 :]))
    episode = simulate(scene, seconds=EPISODE_SECONDS, velocities={mover: velocity})
    partners = [
        c.other if c.thing == mover else c.thing
        for c in episode.contacts
        if c.other >= 0 and mover in (c.thing, c.other)
    ]
    if bool(partners) != hits:
        return None
    if not hits:
        return Film(episode=episode, verb="roll", mover=mover)
    return Film(episode=episode, verb="hit", mover=mover, other=partners[0])


def _hit(seed: int, split: Split, rng: np.random.Generator) -> Film | None:
    return _roll(seed, split, rng, hits=True)


def _slide(seed: int, split: Split, rng: np.random.Generator) -> Film | None:
    del rng
    problem = push_problem(seed, split, world="full")
    if has_doll(problem.scene):
        return None
    push = expert_push(problem.scene, problem.mover, problem.goal)
    episode = _as_long_as_a_film(apply_push(problem.scene, push))
    if not push_succeeded(problem.scene, episode.scenes[-1], problem.mover, problem.goal):
        return None  # a long way: the film ends before the thing is there
    return Film(episode=episode, verb="slide", mover=problem.mover, other=problem.goal)


def _lift(seed: int, split: Split, rng: np.random.Generator) -> Film | None:
    del rng
    problem = pick_problem(seed, split)
    if has_doll(problem.scene):
        return None
    episode = apply_pick_place(problem.scene, problem.expert)
    if episode.seconds > EPISODE_SECONDS:
        return None  # it would end before the thing is down
    return Film(
        episode=_as_long_as_a_film(episode),
        verb="lift",
        mover=problem.mover,
        other=problem.other,
        goal=problem.goal,
    )


_MAKERS: dict[Verb, Callable[[int, Split, np.random.Generator], Film | None]] = {
    "fall": _fall,
    "roll": _roll,
    "hit": _hit,
    "slide": _slide,
    "lift": _lift,
}


def _nameable(seed: int, split: Split, rng: np.random.Generator) -> Scene | None:
    """A scene whose things differ in colour or shape; None if this seed's do not."""
    scene = draw_full_scene(rng, seed=seed, split=split, count=(1, 4))
    names = {(thing.colour, thing.shape) for thing in scene.things}
    return scene if len(names) == len(scene.things) else None


def _as_long_as_a_film(episode: Episode) -> Episode:
    """The first seconds of an episode; a shorter one is made longer by keeping its last state."""
    frames = int(EPISODE_SECONDS * FRAME_RATE) + 1
    scenes = (*episode.scenes, *[episode.scenes[-1]] * frames)[:frames]
    contacts = tuple(contact for contact in episode.contacts if contact.time < EPISODE_SECONDS)
    return replace(episode, scenes=scenes, contacts=contacts, seconds=EPISODE_SECONDS)


def _moves(made: Film) -> bool:
    """Whether the frames show it: the mover leaves its place and ends inside the picture."""
    places = np.array([scene.things[made.mover].position for scene in made.scenes])
    far = float(np.linalg.norm(places - places[0], axis=1).max()) >= _LEAST_MOVE
    last = made.scenes[-1].camera.project(places[-1:])
    return far and bool(last.inside[0])


def _acts_alone(made: Film) -> bool:
    """Whether nothing moves before the mover does, and nothing else far unless it may be hit."""
    places = np.array([[thing.position for thing in scene.things] for scene in made.episode.scenes])
    moved = np.linalg.norm(places - places[0], axis=2)
    others = np.delete(moved, made.mover, axis=1)
    begin = int(np.argmax(moved[:, made.mover] > _AT_REST))
    rested = float(others[:begin].max(initial=0.0)) <= _AT_REST
    return rested and (made.verb == "hit" or float(others.max(initial=0.0)) <= _NUDGED)
