"""Instructions for the robot: push one thing to another, both named so that only they can be meant."""

import numpy as np

from unio.playroom.language.drawing_lots import pick
from unio.playroom.language.naming import short_name
from unio.playroom.language.sight import Sight

__all__ = ["push_instruction"]

_PHRASES = (
    "push the {mover} to the {goal}",
    "move the {mover} to the {goal}",
    "push the {mover} against the {goal}",
    "shove the {mover} towards the {goal}",
    "bring the {mover} to the {goal}",
    "push the {mover} next to the {goal}",
    "slide the {mover} to the {goal}",
    "make the {mover} touch the {goal}",
)


def push_instruction(sight: Sight, mover: int, goal: int, rng: np.random.Generator) -> str | None:
    """``"push the red ball to the blue box"``; None if one of the two cannot be named."""
    by_index = {one.index: one for one in sight.seen}
    if mover not in by_index or goal not in by_index:
        return None
    names = [short_name(sight, by_index[index], rng) for index in (mover, goal)]
    if names[0] is None or names[1] is None:
        return None
    return pick(_PHRASES, rng).format(mover=names[0], goal=names[1])
