"""The robot's pushes: demonstrations to learn from, and the closed loop that shows what was learnt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from jaxtyping import Float

from unio.core import InputError, random_stream
from unio.data.sources.playroom.views import Setting, View, look
from unio.data.tasks import task
from unio.media import Prediction
from unio.playroom import (
    Episode,
    Push,
    PushProblem,
    Scene,
    apply_push,
    expert_push,
    push_problem,
    push_succeeded,
)
from unio.playroom.language import push_instruction
from unio.playroom.push_problems import MAX_PUSHES
from unio.schema import Example

__all__ = ["Policy", "PushTrial", "Trial", "act_record", "closed_loop", "start_trial"]

Policy = Callable[[Sequence[Example]], Sequence[Prediction]]
"""Answers several `act` examples at once; each prediction's ``action`` is (1, 4) y1 x1 y2 x2 in pixels."""


def act_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """A picture, an instruction, the expert's push, and a way to try any other."""
    problem, view = _problem_view(setting)
    instruction = push_instruction(view.sight, problem.mover, problem.goal, rng)
    if instruction is None:
        return None
    push = expert_push(problem.scene, problem.mover, problem.goal)
    return {
        "image": view.frame.rgb,
        "instruction": instruction,
        "action": np.array([*push.start, *push.end]) * setting.size,
        "succeeds": partial(_solves, problem, setting.size),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class PushTrial:
    """A push problem on the way: the scene as it is now, and what has been done to it.

    ``episodes`` are the pushes made so far, with every state between, for a film of them. A push that
    could not be made (no action, or one off the floor) leaves the scene and is counted in ``pushes``.
    """

    problem: PushProblem
    instruction: str
    size: int
    scene: Scene
    pushes: int = 0
    episodes: tuple[Episode, ...] = ()

    @property
    def success(self) -> bool:
        """Whether the mover lies beside the goal."""
        return self.pushes > 0 and _beside(self.problem, self.scene)

    @property
    def done(self) -> bool:
        """Whether it succeeded or has no push left."""
        return self.success or self.pushes >= MAX_PUSHES

    def question(self) -> Example:
        """The scene as it is now, in a fresh picture, with the instruction."""
        return task("act").request(image=look(self.scene, self.size).frame.rgb, text=self.instruction)

    def after(self, prediction: Prediction) -> "PushTrial":
        """The trial with the predicted push made."""
        episode = None
        if prediction.action is not None and len(prediction.action):
            episode = _pushed(self.scene, prediction.action[0], self.size)
        if episode is None:
            return replace(self, pushes=self.pushes + 1)
        return replace(
            self,
            pushes=self.pushes + 1,
            scene=episode.scenes[-1],
            episodes=(*self.episodes, episode),
        )


def start_trial(setting: Setting) -> PushTrial | None:
    """The trial of a setting; None if its things cannot be told apart in words."""
    problem, view = _problem_view(setting)
    rng = random_stream(setting.seed, "playroom", "trial", setting.split)
    instruction = push_instruction(view.sight, problem.mover, problem.goal, rng)
    if instruction is None:
        return None
    return PushTrial(problem=problem, instruction=instruction, size=setting.size, scene=problem.scene)


class Trial(Protocol):
    """A problem on the way: what is asked now, what comes of an answer, and whether it is over."""

    @property
    def success(self) -> bool:
        """Whether it is solved."""
        ...

    @property
    def done(self) -> bool:
        """Whether nothing is asked any more."""
        ...

    def question(self) -> Example:
        """What is seen now, with the instruction."""
        ...

    def after(self, prediction: Prediction, /) -> Self:
        """The trial with the predicted action carried out."""
        ...


AnyTrial = TypeVar("AnyTrial", bound=Trial)


def closed_loop(trials: Sequence[AnyTrial], policy: Policy) -> list[AnyTrial]:
    """Let ``policy`` act, look again and act again, until every trial is done; the trials at their end.

    All open trials are asked in one batch. The score of `act` is the share of pushes that succeeds.
    """
    running = list(trials)
    while waiting := [place for place, trial in enumerate(running) if not trial.done]:
        answers = policy([running[place].question() for place in waiting])
        for place, prediction in zip(waiting, answers, strict=True):
            running[place] = running[place].after(prediction)
    return running


@lru_cache(maxsize=32)
def _problem_view(setting: Setting) -> tuple[PushProblem, View]:
    problem = push_problem(setting.seed, setting.split, world=setting.world)
    return problem, look(problem.scene, setting.size)


def _pushed(
    scene: Scene, action: Float[np.ndarray, " 4"], size: int, *, with_contacts: bool = True
) -> Episode | None:
    """The push from y1 x1 to y2 x2 in pixels; None if it leads off the picture or the floor."""
    y1, x1, y2, x2 = (np.asarray(action, np.float64) / size).tolist()
    try:
        return apply_push(scene, Push(start=(y1, x1), end=(y2, x2)), with_contacts=with_contacts)
    except InputError:
        return None


def _solves(problem: PushProblem, size: int, action: Float[np.ndarray, " 4"]) -> bool:
    episode = _pushed(problem.scene, action, size, with_contacts=False)
    return episode is not None and _beside(problem, episode.scenes[-1])


def _beside(problem: PushProblem, scene: Scene) -> bool:
    return push_succeeded(problem.scene, scene, problem.mover, problem.goal)
