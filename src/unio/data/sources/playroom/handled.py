"""Small moves of a hand: demonstrations of `manipulate`, and the closed loop that shows what was learnt.

The hand is not seen. It begins at the thing that is to be moved; moves are along the picture: x to the right,
y away from the viewer over the floor, z up, in millimetres. Problems are of the full world.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.core import random_stream
from unio.data.sources.playroom.views import Setting
from unio.data.tasks import task
from unio.media import Prediction
from unio.playroom import Scene, render
from unio.playroom.films import has_doll
from unio.playroom.handling import Handling, HandMove, expert_move, start_handling
from unio.playroom.language.robots import pick_instruction
from unio.playroom.pick_problems import PickProblem, pick_problem
from unio.schema import Example, Picture

__all__ = ["HandTrial", "manipulate_record", "start_hand"]

_EARLIER_VIEWS = 2
_MILLIMETRES = 1000.0


def manipulate_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """What is seen at some move of the expert's, what was seen before, and the move; None if it fails."""
    handlings = _expert_way(setting)
    if not handlings:
        return None
    place = int(rng.integers(len(handlings)))
    shown = handlings[max(0, place - _EARLIER_VIEWS) : place + 1]
    pictures = [_picture(handling.scene, setting.size) for handling in shown]
    return {
        "image_history": tuple(pictures[:-1]),
        "image": pictures[-1],
        "instruction": _instruction(handlings[0].problem, rng),
        "action": _numbers(expert_move(handlings[place])),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class HandTrial:
    """A handling under way, with the views so far; an answer that is no move is lost time."""

    handling: Handling
    instruction: str
    size: int
    earlier: tuple[Scene, ...] = ()

    @property
    def success(self) -> bool:
        """Whether the thing lies where it should."""
        return self.handling.success

    @property
    def done(self) -> bool:
        """Whether the thing was let go, or no move is left."""
        return self.handling.done

    def question(self) -> Example:
        """What is seen now and was seen before, with the instruction."""
        history = [_picture(scene, self.size) for scene in self.earlier[-_EARLIER_VIEWS:]]
        return task("manipulate").request(
            image=_picture(self.handling.scene, self.size),
            image_history=history or None,
            text=self.instruction,
        )

    def after(self, prediction: Prediction) -> "HandTrial":
        """The trial with the predicted move made; only turns about the vertical are carried out."""
        earlier = (*self.earlier, self.handling.scene)
        if prediction.action is None or not len(prediction.action):
            handling = replace(self.handling, moves=self.handling.moves + 1)
        else:
            handling = self.handling.after(_move(prediction.action[0]))
        return replace(self, handling=handling, earlier=earlier)


def start_hand(setting: Setting) -> HandTrial | None:
    """The trial of a setting; None where the expert does not succeed, as in `manipulate_record`."""
    if not _expert_way(setting):
        return None
    problem = pick_problem(setting.seed, setting.split)
    rng = random_stream(setting.seed, "playroom", "hand trial", setting.split)
    return HandTrial(
        handling=start_handling(problem), instruction=_instruction(problem, rng), size=setting.size
    )


@lru_cache(maxsize=16)
def _expert_way(setting: Setting) -> tuple[Handling, ...]:
    """The handling before each of the expert's moves; nothing if it fails or a doll stands by."""
    handling = start_handling(pick_problem(setting.seed, setting.split))
    if has_doll(handling.scene):
        return ()
    before: list[Handling] = []
    while not handling.done:
        before.append(handling)
        handling = handling.after(expert_move(handling))
    return tuple(before) if handling.success else ()


def _instruction(problem: PickProblem, rng: np.random.Generator) -> str:
    things = problem.scene.things
    return pick_instruction(things[problem.mover], problem.goal, things[problem.other], rng)


def _numbers(move: HandMove) -> Float[np.ndarray, " 7"]:
    """A move as `manipulate` has it: millimetres, radians, and 1 for a closed gripper."""
    moved = [_MILLIMETRES * part for part in move.offset]
    return np.array([*moved, 0.0, 0.0, move.turned, float(move.closed)])


def _move(action: Float[np.ndarray, " 7"]) -> HandMove:
    right, away, up, _, _, turned, grip = action.tolist()
    offset = (right / _MILLIMETRES, away / _MILLIMETRES, up / _MILLIMETRES)
    return HandMove(offset=offset, turned=turned, closed=grip >= 0.5)


@lru_cache(maxsize=64)
def _picture(scene: Scene, size: int) -> Picture:
    return render(scene, size=size).rgb
