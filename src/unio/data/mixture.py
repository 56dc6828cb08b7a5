"""`Mixture`: which task comes next, as a pure function of (seed, index) (spec section 12)."""

from collections.abc import Mapping
from itertools import accumulate

from pydantic import Field, field_validator

from unio.core import Config, random_stream

__all__ = ["Mixture", "family_of"]


def family_of(entry: str) -> str:
    """The task family of a mixture's entry, which is ``FAMILY`` or ``DATA SET/FAMILY``.

    Example: ``family_of("vqav2/vqa") == family_of("vqa") == "vqa"``.
    """
    return entry.rpartition("/")[2]


class Mixture(Config):
    """Tasks and how often each is drawn.

    Example::

        Mixture(weights={"caption": 3.0, "depth": 1.0}).sample(7, 0)  # "caption", three times of four
    """

    weights: dict[str, float] = Field(
        description="Task, or data set/task -> weight; only the weights' ratios matter, 0 leaves a task out."
    )

    @field_validator("weights")
    @classmethod
    def _at_least_one_task(cls, weights: Mapping[str, float]) -> dict[str, float]:
        if any(weight < 0 for weight in weights.values()):
            raise ValueError("weights that are 0 or more")
        if sum(weights.values()) <= 0:
            raise ValueError("at least one task with a weight above 0")
        return dict(weights)

    @property
    def shares(self) -> dict[str, float]:
        """Task -> probability, for tasks that can be drawn."""
        total = sum(self.weights.values())
        return {task: weight / total for task, weight in self.weights.items() if weight > 0}

    def sample(self, seed: int, index: int) -> str:
        """The task of draw number ``index``: the same for the same ``(seed, index)``, on every machine."""
        draw = random_stream(seed, "mixture", index).random()
        tasks = list(self.shares)
        for task, bound in zip(tasks, accumulate(self.shares.values()), strict=True):
            if draw < bound:
                return task
        return tasks[-1]  # the shares may add up to a hair below 1
