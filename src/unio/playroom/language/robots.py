"""What is told of a robot: where to put things, where to go, and questions about what it did."""

from collections.abc import Iterator
from typing import get_args

import numpy as np

from unio.playroom.films import Film
from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.films import plain_name
from unio.playroom.language.questions import Question
from unio.playroom.language.sight import Relation, Sight, holds
from unio.playroom.pick_problems import GOALS, Goal
from unio.playroom.pushing import push_succeeded
from unio.playroom.scene import Scene
from unio.playroom.stacking import carriers_of
from unio.playroom.things import Thing

__all__ = ["GOAL_WORDS", "pick_instruction", "robot_question", "slide_instruction", "walk_instruction"]

GOAL_WORDS: dict[Goal, str] = {
    "on": "on",
    "in": "into",
    "left of": "to the left of",
    "right of": "to the right of",
    "in front of": "in front of",
    "behind": "behind",
}
"""How each goal is said between the names of the two things."""

_PUT = (
    "put the {mover} {goal} the {other}",
    "place the {mover} {goal} the {other}",
    "lift the {mover} and put it {goal} the {other}",
    "take the {mover} and put it {goal} the {other}",
    "pick up the {mover} and place it {goal} the {other}",
    "set the {mover} down {goal} the {other}",
    "carry the {mover} away and set it down {goal} the {other}",
    "grab the {mover} and place it {goal} the {other}",
)
_GO = (
    "go to the {goal}",
    "walk to the {goal}",
    "move to the {goal}",
    "find the {goal}",
    "stop in front of the {goal}",
    "walk up to the {goal} and stop",
    "head for the {goal}",
    "approach the {goal}",
)
_PUSH = (
    "push the {mover} to the {other}",
    "move the {mover} to the {other}",
    "push the {mover} against the {other}",
    "shove the {mover} to the {other}",
    "bring the {mover} to the {other}",
    "push the {mover} next to the {other}",
    "slide the {mover} to the {other}",
    "make the {mover} touch the {other}",
)

_MOVED = (
    "What did the robot move?",
    "Which thing did the robot move?",
    "What has the robot moved?",
    "Name the thing that the robot moved.",
)
_DEED = (
    "Did the robot push or lift the {mover}?",
    "What did the robot do with the {mover}: push or lift?",
    "Was it a push or a lift by which the {mover} was moved?",
    "Push or lift: what did the robot do to the {mover}?",
)
_TO_WHAT = (
    "To which thing did the robot push the {mover}?",
    "To what did the robot bring the {mover}?",
    "What does the {mover} lie beside now that it was pushed?",
    "Name the thing to which the {mover} was pushed.",
)
_WHERE = (
    "Where did the robot put the {mover}?",
    "Where is the {mover} now that the robot has put it down?",
    "Where has the {mover} been placed?",
    "Tell where the robot set down the {mover}.",
)
_DONE = (
    "The robot was told: {told}. Did it do so?",
    "Has the robot done this: {told}?",
    "Is this what the robot did: {told}?",
    "Yes or no: did the robot {told}?",
)
_IS = {**GOAL_WORDS, "in": "in"}


def pick_instruction(mover: Thing, goal: Goal, other: Thing, rng: np.random.Generator) -> str:
    """``"put the red ball into the blue bowl"``; colour and shape must tell the things apart."""
    return pick(_PUT, rng).format(mover=plain_name(mover), goal=GOAL_WORDS[goal], other=plain_name(other))


def slide_instruction(mover: Thing, other: Thing, rng: np.random.Generator) -> str:
    """``"push the red ball to the blue box"``; colour and shape must tell the things apart."""
    return pick(_PUSH, rng).format(mover=plain_name(mover), other=plain_name(other))


def walk_instruction(goal: Thing, rng: np.random.Generator) -> str:
    """``"go to the red ball"``; colour and shape must tell the things apart."""
    return pick(_GO, rng).format(goal=plain_name(goal))


def robot_question(made: Film, rng: np.random.Generator) -> Question:
    """A question about a film in which something slides or is lifted: what, how, where to, and if told so.

    Kinds: "moved", "deed", "where", "done". Half of the answers to "done" are yes where a false deed can be
    told.
    """
    things = made.episode.scenes[0].things
    assert made.other is not None, "a robot moves one thing to another"
    mover, other = plain_name(things[made.mover]), plain_name(things[made.other])
    kind = pick(("moved", "deed", "where", "done"), rng)
    if kind == "moved":
        return Question(kind=kind, text=pick(_MOVED, rng), answer=mover)
    if kind == "deed":
        answer = "lift" if made.verb == "lift" else "push"
        return Question(kind=kind, text=pick(_DEED, rng).format(mover=mover), answer=answer)
    if kind == "where" and made.goal is None:
        return Question(kind=kind, text=pick(_TO_WHAT, rng).format(mover=mover), answer=other)
    if kind == "where":
        answer = f"{_IS[made.goal or 'on']} the {other}"
        return Question(kind=kind, text=pick(_WHERE, rng).format(mover=mover), answer=answer)
    false = shuffled(tuple(_false_deeds(made)), rng)
    if false and rng.random() < 0.5:
        told, answer = _told(things, false[0], rng), "no"
    else:
        told, answer = _told(things, (made.mover, made.goal, made.other), rng), "yes"
    return Question(kind=kind, text=pick(_DONE, rng).format(told=told), answer=answer)


_Deed = tuple[int, Goal | None, int]
"""Mover, goal (None: a push) and the other thing."""


def _told(things: tuple[Thing, ...], deed: _Deed, rng: np.random.Generator) -> str:
    mover, goal, other = deed
    if goal is None:
        return slide_instruction(things[mover], things[other], rng)
    return pick_instruction(things[mover], goal, things[other], rng)


def _false_deeds(made: Film) -> Iterator[_Deed]:
    """Deeds of the film's kind that might have been done and plainly were not."""
    before, after = made.episode.scenes[0], made.episode.scenes[-1]
    count = len(before.things)
    if made.goal is None:
        for mover in range(count):
            for other in range(count):
                is_new = mover != other and {mover, other} != {made.mover, made.other}
                if is_new and not push_succeeded(before, after, mover, other):
                    yield mover, None, other
        return
    for other in range(count):
        for goal in GOALS:
            if other != made.mover and _is_plainly_false(after, made.mover, goal, other):
                yield made.mover, goal, other


def _is_plainly_false(after: Scene, mover: int, goal: Goal, other: int) -> bool:
    """Whether a goal that could be asked for does not hold, by a margin."""
    is_bowl = after.things[other].shape == "bowl"
    if goal in ("on", "in"):
        return is_bowl == (goal == "in") and carriers_of(after.things).get(mover) != other
    if goal not in get_args(Relation):
        return False
    return holds(Sight.measure(after, mover), goal, Sight.measure(after, other)) is False
