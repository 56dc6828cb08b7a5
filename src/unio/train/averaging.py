"""An exponential moving average of the weights, the ones a finished run exports."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

__all__ = ["WeightAverage"]


class WeightAverage:
    """``average <- decay * average + (1 - decay) * weight`` over the trained parameters.

    The effective decay starts low, ``(1 + n) / (10 + n)`` after ``n`` updates, so that the random
    beginning is soon forgotten. A ``decay`` of 0 keeps no copy: the average is the weights.
    """

    def __init__(self, module: nn.Module, *, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self._live = {
            name: value for name, value in module.named_parameters() if value.requires_grad and decay > 0
        }
        self._average = {name: value.detach().clone() for name, value in self._live.items()}

    @torch.no_grad()
    def update(self) -> None:
        """Take one step towards the present weights."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in self._live.items():
            self._average[name].lerp_(value, 1 - decay)

    @contextmanager
    def swapped_in(self) -> Generator[None]:
        """Inside, the module holds the averaged weights; afterwards its own again."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def tensors(self) -> dict[str, Tensor]:
        """The averages and the number of updates, for a checkpoint."""
        return {**self._average, ":updates": torch.tensor(self.updates)}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what ``tensors`` gave."""
        self.updates = int(tensors[":updates"])
        for name, value in self._average.items():
            value.copy_(tensors[name])

    @torch.no_grad()
    def _swap(self) -> None:
        for name, value in self._live.items():
            mine = self._average[name]
            held = value.detach().clone()
            value.copy_(mine)
            mine.copy_(held)
