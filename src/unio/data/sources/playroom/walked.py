"""Walks: demonstrations of `navigate`, and the closed loop that shows what was learnt.

Walks are always in the full world, whichever world the source is of.
"""

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from unio.core import random_stream
from unio.data.sources.playroom.filmed import LEAST_SEEN
from unio.data.sources.playroom.views import Setting
from unio.data.tasks import task
from unio.media import Prediction
from unio.playroom import Frame, render
from unio.playroom.language.robots import walk_instruction
from unio.playroom.walking import STEPS, Walk, WalkStep, expert_step, walk_problem
from unio.schema import Example

__all__ = ["WalkTrial", "navigate_record", "start_walk"]

_EARLIER_VIEWS = 3


def navigate_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any]:
    """What the expert sees at some step of its walk, what it saw before, and the step that it takes."""
    walks = _expert_walk(setting)
    place = int(rng.integers(len(walks)))
    earliest = max(0, place - _EARLIER_VIEWS)
    frames = [_view(walk, setting.size) for walk in walks[earliest : place + 1]]
    walk = walks[place]
    return {
        "image_history": tuple(frame.rgb for frame in frames[:-1]),
        "image": frames[-1].rgb,
        "instruction": walk_instruction(walk.scene.things[walk.goal], rng),
        "action": expert_step(walk),
        "succeeds": partial(_is_as_good, walk, any(_shows(frame, walk.goal) for frame in frames)),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class WalkTrial:
    """A walk under way, with the views so far; words that are no step are lost time."""

    walk: Walk
    instruction: str
    size: int
    earlier: tuple[Walk, ...] = ()

    @property
    def success(self) -> bool:
        """Whether it has stopped where it should."""
        return self.walk.success

    @property
    def done(self) -> bool:
        """Whether it has stopped or may take no more steps."""
        return self.walk.done

    def question(self) -> Example:
        """What is seen now and was seen before, with the instruction."""
        history = [_view(walk, self.size).rgb for walk in self.earlier[-_EARLIER_VIEWS:]]
        return task("navigate").request(
            image=_view(self.walk, self.size).rgb, image_history=history or None, text=self.instruction
        )

    def after(self, prediction: Prediction) -> "WalkTrial":
        """The trial with the predicted step taken."""
        step = _step(prediction.text or "")
        walk = replace(self.walk, steps=self.walk.steps + 1) if step is None else self.walk.after(step)
        return replace(self, walk=walk, earlier=(*self.earlier, self.walk))


def start_walk(setting: Setting) -> WalkTrial:
    """The trial of a setting."""
    walk = walk_problem(setting.seed, setting.split)
    rng = random_stream(setting.seed, "playroom", "walk trial", setting.split)
    instruction = walk_instruction(walk.scene.things[walk.goal], rng)
    return WalkTrial(walk=walk, instruction=instruction, size=setting.size)


@lru_cache(maxsize=32)
def _expert_walk(setting: Setting) -> tuple[Walk, ...]:
    """The walk before each of the expert's steps, the last of which is to stop."""
    return _to_the_end(walk_problem(setting.seed, setting.split))


def _to_the_end(walk: Walk) -> tuple[Walk, ...]:
    walks: list[Walk] = []
    while not walk.done:
        walks.append(walk)
        walk = walk.after(expert_step(walk))
    return tuple(walks) if walk.success else ()


def _is_as_good(walk: Walk, goal_was_seen: bool, said: str) -> bool:
    """Whether the expert, after this step, arrives as early as after its own.

    Where no view shows the goal, none tells which way round is shorter: either turn is as good.
    """
    step = _step(said)
    if step is None:
        return False
    if not goal_was_seen and expert_step(walk) in ("left", "right"):
        return step in ("left", "right")
    after = walk.after(step)
    if after.has_stopped:
        return after.success
    left = len(_to_the_end(after))
    return 0 < left < len(_to_the_end(walk))


def _step(said: str) -> WalkStep | None:
    """The step that is said, if it is one."""
    for step in STEPS:
        if said.strip().lower() == step:
            return step
    return None


@lru_cache(maxsize=64)
def _view(walk: Walk, size: int) -> Frame:
    return render(walk.view, size=size)


def _shows(frame: Frame, goal: int) -> bool:
    return bool(frame.pixel_counts()[goal] >= LEAST_SEEN * frame.ids.size)
