"""What a trainer learns from, step after step, from any step on.

A feed that is a pure function of the step number needs no more than that number to go on. One that
carries something from step to step (a packer with examples waiting in its pool) has a state, which the
trainer puts into each checkpoint: the state after the last step taken, not that of the batches made
ahead.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from unio.data import Loader, LoaderConfig, MadeBatch, Maker
from unio.schema import Batch
from unio.train.processes import SOLO, Processes

__all__ = ["Batches", "Feed", "FeedState", "LoaderFeed", "StepFeed", "StridedMaker"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

FeedState = Mapping[str, Any]
"""Plain values that JSON can hold."""

Batches = Sequence[Batch[np.ndarray]]
"""What a model learns from in one step."""


class Feed(Protocol[T_co]):
    """Inputs of the steps of a run."""

    def open(self, start: int, state: FeedState | None) -> AbstractContextManager[Iterator[T_co]]:
        """The inputs from step ``start`` on; ``state`` is what `state` gave there, None at the beginning."""
        ...

    def state(self) -> FeedState | None:
        """What `open` needs to go on after the last input taken; None if the step's number is enough."""
        ...


class StepFeed(Generic[T]):
    """Inputs that are a pure function of the step, given as a function from a step to an iterator."""

    def __init__(self, inputs_from: Callable[[int], AbstractContextManager[Iterator[T]]]) -> None:
        self._inputs_from = inputs_from

    def open(self, start: int, state: FeedState | None) -> AbstractContextManager[Iterator[T]]:
        """The inputs of step ``start`` and on."""
        del state
        return self._inputs_from(start)

    def state(self) -> FeedState | None:
        """None."""
        return None


@dataclass(frozen=True)
class StridedMaker:
    """Every ``stride``-th batch of ``maker``, from ``first`` on: one process's share. Picklable if it is."""

    maker: Maker
    first: int
    stride: int

    def make(self, step: int) -> MadeBatch:
        """Batch ``first + step * stride`` of the maker."""
        return self.maker.make(self.first + step * self.stride)


class LoaderFeed:
    """Batches of a stateless maker, made ahead by worker processes; ``accumulate`` of them make a step.

    Of the batches of a step, each process takes every ``processes.size``-th, so that the same steps are
    taken whatever the number of processes; ``accumulate`` is a multiple of it.
    """

    def __init__(
        self,
        maker: Maker,
        *,
        config: LoaderConfig,
        accumulate: int,
        report: Callable[[str], None],
        processes: Processes = SOLO,
    ) -> None:
        self._maker: Maker = maker
        if processes.size > 1:
            self._maker = StridedMaker(maker, processes.rank, processes.size)
        self._config = config
        self._each = accumulate // processes.size
        self._report = report

    @contextmanager
    def open(self, start: int, state: FeedState | None) -> Generator[Iterator[Batches]]:
        """This process's batches of step ``start`` and on."""
        del state
        first = start * self._each
        with Loader(self._maker, config=self._config, start_step=first, report=self._report) as loader:
            batches = iter(loader)

            def steps() -> Iterator[Batches]:
                while True:
                    yield tuple(next(batches) for _ in range(self._each))

            yield steps()

    def state(self) -> FeedState | None:
        """None: a batch is a pure function of its number."""
        return None
