"""`SimulatedTrial`: a world as the closed loop asks about it; `Simulator`: which worlds there are."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from unio.data.simulators.world import Action, World, WorldSplit
from unio.data.tasks import task
from unio.media import Prediction
from unio.schema import Example, Picture

__all__ = ["SimulatedTrial", "Simulator", "run_expert"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SimulatedTrial:
    """A problem under way, with the views so far.

    The world moves on in place: of a trial and the one that comes `after` it, only the latter is of use.
    """

    world: World
    task: str
    earlier_views: int
    views: tuple[Picture, ...] = ()

    @property
    def success(self) -> bool:
        """Whether the simulator says so."""
        return self.world.success

    @property
    def done(self) -> bool:
        """Whether nothing is asked any more."""
        return self.world.done

    @property
    def scores(self) -> dict[str, float]:
        """Success, 1 or 0, and what else the simulator measures."""
        return {"success": float(self.world.success), **self.world.figures}

    def question(self) -> Example:
        """What is seen now and was seen before, with the instruction."""
        inputs: dict[str, Any] = {"image": self.world.picture(), "text": self.world.instruction}
        if self.views:
            inputs["image_history"] = self.views
        return task(self.task).request(**inputs)

    def after(self, prediction: Prediction) -> "SimulatedTrial":
        """The trial with the predicted action taken."""
        views = (*self.views, self.world.picture()) if self.earlier_views else ()
        self.world.take(predicted_action(prediction))
        return replace(self, views=views[-self.earlier_views :])

    def expert(self) -> Prediction:
        """What the expert would predict now."""
        action = self.world.expert()
        if isinstance(action, str):
            return Prediction(task=self.task, text=action)
        return Prediction(task=self.task, action=action[None])


@dataclass(frozen=True, kw_only=True)
class Simulator:
    """A simulator of a package.

    - ``name``: what unio calls it; ``title``: what is done in it.
    - ``task``: the family that its worlds ask; ``earlier_views``: how many earlier pictures it shows.
    - ``open_world``: the world of a (split, seed, index), always the same one. It raises
      ``MissingExtraError`` where the package is not installed.
    """

    name: str
    title: str
    task: str
    earlier_views: int
    open_world: Callable[[WorldSplit, int, int], World] = field(repr=False)

    def trial(self, split: WorldSplit, seed: int, index: int) -> SimulatedTrial:
        """Problem number ``index`` for `closed_loop`."""
        world = self.open_world(split, seed, index)
        return SimulatedTrial(world=world, task=self.task, earlier_views=self.earlier_views)


def run_expert(trial: SimulatedTrial) -> SimulatedTrial:
    """A trial that the simulator's expert has brought to its end."""
    while not trial.done:
        trial = trial.after(trial.expert())
    return trial


def predicted_action(prediction: Prediction) -> Action | None:
    """The action of an answer: its words where the family answers in words, else its first row of numbers."""
    if prediction.action is None:
        return prediction.text
    return np.asarray(prediction.action[0], np.float64) if len(prediction.action) else None
