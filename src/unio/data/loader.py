"""`Loader`: batches in order, made ahead by worker processes, from any step on.

Batches are a pure function of (seed, step), so resuming is no more than starting at another step,
and the number of workers changes nothing but the speed.
"""

import os
import pickle
import queue
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.context import SpawnProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Protocol

import numpy as np
from pydantic import Field

from unio.core import Config, InputError, UnioError
from unio.data.batches import MadeBatch
from unio.data.workers import ignore_signals, parent_is_alive, single_threaded, spawn_context
from unio.schema import Batch

__all__ = ["Loader", "LoaderConfig", "Maker"]

POLL_SECONDS = 0.5
EXIT_SECONDS = 5.0


class Maker(Protocol):
    """What makes batches; `unio.data.batches.BatchMaker` in a run."""

    def make(self, step: int) -> MadeBatch:
        """Batch number ``step``."""
        ...


class LoaderConfig(Config):
    """How batches are made ahead of the training step."""

    workers: int = Field(
        default=1, ge=0, description="Worker processes; 0 makes batches in the training one."
    )
    ahead: int = Field(default=4, gt=0, description="Batches each worker may have ready.")
    niceness: int = Field(
        default=0,
        ge=0,
        le=19,
        description="How far workers step back for others; 19 where the training needs every core itself.",
    )
    max_broken_share: float = Field(
        default=0.01, ge=0, le=1, description="Share of broken examples above which the run stops."
    )


class Loader:
    """Iterates over batches ``start_step``, ``start_step + 1``, ... for ever.

    Worker ``w`` of ``W`` makes every ``W``-th batch into its own bounded queue; the queues are read
    in turn, which keeps the order. A broken example is told to ``report`` and replaced; when more
    than ``max_broken_share`` of all examples are broken (and more than one), ``InputError`` stops
    the run. A worker's own failure is raised here with its traceback.

    Use as a context manager, or call ``close``: either ends the workers.
    """

    def __init__(
        self,
        maker: Maker,
        *,
        config: LoaderConfig | None = None,
        start_step: int = 0,
        report: Callable[[str], None] = print,
    ) -> None:
        self.config = config or LoaderConfig()
        self._maker = maker
        self._step = start_step
        self._report = report
        self._examples = 0
        self._broken = 0
        self._lanes: list[_Lane] = []
        if self.config.workers:
            with single_threaded():
                self._lanes = [
                    _Lane(maker, first=start_step + lane, config=self.config)
                    for lane in range(self.config.workers)
                ]
        self._start_step = start_step

    def __iter__(self) -> Iterator[Batch[np.ndarray]]:
        for made in self.made():
            yield made.batch

    def made(self) -> Iterator[MadeBatch]:
        """The same batches with what their maker says of them, such as its state behind each."""
        while True:
            made = self._next()
            self._step += 1
            self._count(made)
            yield made

    def close(self) -> None:
        """End the workers; batches they had ready are dropped."""
        for lane in self._lanes:
            lane.stop.set()
        for lane in self._lanes:
            lane.end()
        self._lanes = []

    def __enter__(self) -> "Loader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _next(self) -> MadeBatch:
        if not self._lanes:
            return self._maker.make(self._step)
        lane = self._lanes[(self._step - self._start_step) % len(self._lanes)]
        return lane.take()

    def _count(self, made: MadeBatch) -> None:
        self._examples += made.batch.size
        self._broken += len(made.broken)
        for item in made.broken:
            self._report(str(item))
        allowed = max(1.0, self.config.max_broken_share * self._examples)
        if self._broken > allowed:
            raise InputError(
                "too many broken examples",
                got=f"{self._broken} of {self._examples}, the last: {made.broken[-1]}",
                expected=f"a share of at most {self.config.max_broken_share}",
                fix="repair the source, or raise loader.max_broken_share",
            )


class _Lane:
    """One worker process and its queue."""

    def __init__(self, maker: Maker, *, first: int, config: LoaderConfig) -> None:
        context = spawn_context()
        self.ready: Queue[MadeBatch | _Failure] = context.Queue(maxsize=config.ahead)
        self.stop: Event = context.Event()
        self.process: SpawnProcess = context.Process(
            target=_work,
            args=(maker, first, config, self.ready, self.stop),
            daemon=True,
            name=f"unio-data-{first}",
        )
        self.process.start()

    def take(self) -> MadeBatch:
        while True:
            try:
                made = self.ready.get(timeout=POLL_SECONDS)
            except queue.Empty:
                if not self.process.is_alive():
                    raise UnioError(
                        "a data worker died",
                        got=f"exit code {self.process.exitcode}",
                        fix="look for an out-of-memory kill; fewer loader.workers or a smaller loader.ahead",
                    ) from None
                continue
            if isinstance(made, _Failure):
                raise made.error from RuntimeError(f"in a data worker:\n{made.trace}")
            return made

    def end(self) -> None:
        self.process.join(timeout=EXIT_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.ready.close()
        self.ready.cancel_join_thread()


class _Failure:
    """A worker's exception on its way to the parent."""

    def __init__(self, error: Exception) -> None:
        self.error = _portable(error)
        self.trace = traceback.format_exc()


def _portable(error: Exception) -> Exception:
    """``error`` itself if it survives the way between processes, else one that says the same."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # an exception's own constructor may ask for anything
        return UnioError(str(error)) if isinstance(error, UnioError) else RuntimeError(repr(error))
    return error


def _work(
    maker: Maker, first: int, config: LoaderConfig, ready: "Queue[MadeBatch | _Failure]", stop: Event
) -> None:
    ignore_signals()
    if config.niceness and hasattr(os, "nice"):  # not on Windows
        os.nice(config.niceness)
    step = first
    while not stop.is_set() and parent_is_alive():
        try:
            made: MadeBatch | _Failure = maker.make(step)
        except Exception as error:  # raised again by the parent
            made = _Failure(error)
        if not _put(made, ready, stop) or isinstance(made, _Failure):
            break
        step += config.workers
    if stop.is_set() or not parent_is_alive():
        ready.cancel_join_thread()  # a full pipe that nobody reads must not keep the process alive


def _put(made: MadeBatch | _Failure, ready: "Queue[MadeBatch | _Failure]", stop: Event) -> bool:
    while not stop.is_set() and parent_is_alive():
        try:
            ready.put(made, timeout=POLL_SECONDS)
        except queue.Full:
            continue
        return True
    return False
