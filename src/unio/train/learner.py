"""What the training loop asks of whatever it trains and looks at."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from torch import Tensor

from unio.train.checkpoint import Parts
from unio.train.pace import Pace
from unio.train.step_report import StepReport

__all__ = ["Evaluation", "Learner"]

T_contra = TypeVar("T_contra", contravariant=True)


class Learner(Protocol[T_contra]):
    """What is trained: it knows its weights, its optimisers and its loss."""

    def step(self, inputs: T_contra, *, pace: Pace) -> StepReport:
        """Take one optimiser step."""
        ...

    @property
    def learning_rate(self) -> float:
        """The rate of the last step."""
        ...

    def parts(self) -> Parts:
        """Every tensor that the next step depends on, by file."""
        ...

    def restore(self, parts: Parts) -> None:
        """Put back what ``parts`` gave. Raises ``CheckpointError`` for another model's."""
        ...

    def sharding_of(self, key: str) -> Tensor | None:
        """The parameter that a tensor of ``parts`` belongs to, if it may lie in several processes."""
        ...

    def preview(self, folder: Path, *, step: int) -> str | None:
        """Draw what there is to see into ``folder``; a line to print, if any."""
        ...


class Evaluation(Protocol):
    """What is looked at now and then: held-out losses, sample outputs."""

    @property
    def every_steps(self) -> int:
        """Steps between two evaluations."""
        ...

    def run(self, step: int, *, is_stopped: Callable[[], bool]) -> str | None:
        """Evaluate after ``step`` steps; a line to print, None if it was stopped before its end."""
        ...
