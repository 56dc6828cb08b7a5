"""`SpikeGuard`: updates whose loss jumps far out of its recent range are left out."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from unio.core import Config

__all__ = ["SpikeGuard", "SpikeGuardConfig"]


class SpikeGuardConfig(Config):
    """When a loss counts as a spike."""

    deviations: float = Field(
        default=6.0, gt=0, description="Standard deviations above the recent mean from which it does."
    )
    decay: float = Field(
        default=0.99, gt=0, lt=1, description="Decay of the recent mean and deviation, a step."
    )
    after_steps: int = Field(default=200, ge=0, description="Steps taken before the first refusal.")
    most_in_a_row: int = Field(
        default=5, gt=0, description="Refusals in a row after which the loss is believed: the data changed."
    )


@dataclass
class SpikeGuard:
    """Judges each step's loss by those before it.

    ``mean`` and ``variance`` run over the losses that were let through; a refused one moves neither.
    """

    config: SpikeGuardConfig
    mean: float = 0.0
    variance: float = 0.0
    steps: int = 0
    in_a_row: int = 0

    def admits(self, loss: float) -> bool:
        """Whether a step with this loss may be taken; a finite one that may is remembered."""
        config = self.config
        limit = self.mean + config.deviations * math.sqrt(self.variance)
        is_spike = self.steps >= config.after_steps and not loss <= limit
        if is_spike and self.in_a_row < config.most_in_a_row:
            self.in_a_row += 1
            return False
        self.in_a_row = 0
        self._remember(loss)
        return True

    def tensor(self) -> Float[Tensor, " 4"]:
        """The state, for a checkpoint: float64, so that it comes back bit for bit."""
        return torch.tensor([self.mean, self.variance, self.steps, self.in_a_row], dtype=torch.float64)

    def restore(self, tensor: Float[Tensor, " 4"]) -> None:
        """Put back what ``tensor`` gave."""
        mean, variance, steps, in_a_row = (float(value) for value in tensor)
        self.mean, self.variance, self.steps, self.in_a_row = mean, variance, int(steps), int(in_a_row)

    def _remember(self, loss: float) -> None:
        """Exponentially weighted mean and variance (West, 1979); the first steps count in full."""
        self.steps += 1
        weight = max(1 - self.config.decay, 1 / self.steps)
        change = loss - self.mean
        self.mean += weight * change
        self.variance = (1 - weight) * (self.variance + weight * change * change)
