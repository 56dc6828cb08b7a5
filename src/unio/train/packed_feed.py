"""`PackedFeed`: packed batches for a trainer, with the packers' pools in every checkpoint (spec section 12).

Batches are made ahead by worker processes, each of which holds whole packing streams; the state behind a
batch comes with it, so a checkpoint knows the pools as they were after the last step taken.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

from unio.core import CheckpointError, ConfigError
from unio.data import Loader, LoaderConfig
from unio.data.packing import PackedBatchMaker
from unio.train.feeds import Batches, FeedState, StridedMaker
from unio.train.processes import SOLO, Processes

__all__ = ["PackedFeed"]


class PackedFeed:
    """Batches of a packer; ``accumulate`` of them make a step.

    As with `LoaderFeed`, each process takes every ``processes.size``-th batch: the same steps are taken
    whatever the number of processes and of workers, and whichever of them a run is resumed with. Raises
    ``ConfigError`` if the packing streams cannot be shared out over them.
    """

    def __init__(
        self,
        maker: PackedBatchMaker,
        *,
        config: LoaderConfig,
        accumulate: int,
        report: Callable[[str], None],
        processes: Processes = SOLO,
    ) -> None:
        shares = processes.size * max(1, config.workers)
        if maker.streams % shares:
            raise ConfigError(
                "the packing streams cannot be shared out",
                got=f"{maker.streams} streams (batch.accumulate times packing.streams), "
                f"{processes.size} processes of {config.workers} workers",
                expected=f"a multiple of {shares}",
                fix=f"packing.streams={shares}, or fewer loader.workers",
            )
        self._maker = maker
        self._config = config
        self._each = accumulate // processes.size
        self._report = report
        self._processes = processes
        self._state: dict[str, Any] = {}

    @contextmanager
    def open(self, start: int, state: FeedState | None) -> Generator[Iterator[Batches]]:
        """This process's batches of step ``start`` and on.

        Raises ``CheckpointError`` for a state that is not of these streams, or none after step 0.
        """
        self._restore(start, state)
        maker = StridedMaker(self._maker, self._processes.rank, self._processes.size)
        first = start * self._each
        with Loader(maker, config=self._config, start_step=first, report=self._report) as loader:
            made = loader.made()

            def steps() -> Iterator[Batches]:
                while True:
                    taken = [next(made) for _ in range(self._each)]
                    for one in taken:
                        self._state.update(one.state or {})
                    yield tuple(one.batch for one in taken)

            yield steps()

    def state(self) -> FeedState | None:
        """The state of this process's streams behind the last step taken."""
        return {"packing": dict(self._state)}

    def _restore(self, start: int, state: FeedState | None) -> None:
        own = {str(one) for one in range(self._processes.rank, self._maker.streams, self._processes.size)}
        if start == 0:
            self._state = {name: held for name, held in self._maker.state_dict().items() if name in own}
            return
        saved: dict[str, Any] = {} if state is None else dict(state.get("packing", {}))
        if set(saved) != {str(one) for one in range(self._maker.streams)}:
            raise CheckpointError(
                "the checkpoint's examples were not packed like this",
                got=f"{len(saved)} packing streams in it",
                expected=f"{self._maker.streams}",
                fix="resume with its packing.streams and batch.accumulate, or begin a run from its model "
                "(start: .../model)",
            )
        self._state = {name: held for name, held in saved.items() if name in own}
        self._maker.load_state_dict(self._state)
