"""The training loop: the same for the model and for the codecs, stopped and resumed at step boundaries."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from pydantic import Field

from unio.core import Config, UnioError, random_stream
from unio.nn.compiler_errors import COMPILER_ERRORS, compiler_failure
from unio.train.checkpoint import Checkpoint
from unio.train.checkpoint_writer import CheckpointWriter
from unio.train.curves import check_can_draw, draw_curves
from unio.train.feeds import Feed, FeedState
from unio.train.learner import Evaluation, Learner
from unio.train.live_page import LivePage
from unio.train.log_file import EVALUATION_LOG, forget_after
from unio.train.meters import Meters
from unio.train.pace import pace_at
from unio.train.processes import SOLO, JointError, Processes
from unio.train.progress import TrainingProgress
from unio.train.resuming import Resumed, read_state, versions
from unio.train.schedule import ScheduleConfig
from unio.train.step_report import StepReport
from unio.train.stopping import StopRequest
from unio.train.trackers import Tracker

__all__ = ["LoopConfig", "Trainer", "seed_step"]

T = TypeVar("T")

MOST_SKIPPED = 100
"""Skipped updates in a row after which a run is given up."""


class LoopConfig(Config):
    """How long to train and when to save."""

    steps: int = Field(gt=0, description="Optimiser steps in all, those before a resume included.")
    log_every: int = Field(default=20, gt=0, description="Steps between two lines of the log.")
    save_every_steps: int = Field(default=1000, gt=0, description="Steps between two checkpoints.")
    save_every_minutes: float = Field(default=15.0, gt=0, description="Most minutes between two checkpoints.")
    keep: int = Field(default=2, gt=0, description="Checkpoints kept.")
    save_in_background: bool = Field(
        default=True, description="Go on training while a copy of the state is written."
    )
    stop_after_minutes: float | None = Field(
        default=None, gt=0, description="Save and stop after this time; the same command goes on later."
    )


class Trainer(Generic[T]):
    """Runs a learner over a feed, from the last checkpoint in ``out/checkpoints`` on.

    Random numbers of a step are a pure function of (seed, step), so a resumed run takes exactly the
    steps that an unbroken one would. Of several ``processes``, each runs its own trainer and takes part
    in every step; the first one writes the log and draws.
    """

    def __init__(
        self,
        learner: Learner[T],
        feed: Feed[T],
        *,
        name: str,
        out: Path,
        seed: int,
        schedule: ScheduleConfig,
        loop: LoopConfig,
        facts: dict[str, Any],
        processes: Processes = SOLO,
        evaluation: Evaluation | None = None,
        trackers: Sequence[Tracker] = (),
        peak_flops: float | None = None,
    ) -> None:
        """``peak_flops`` is that of all devices together, for the log's MFU."""
        self._learner = learner
        self._feed = feed
        self._name = name
        self._out = out
        self._seed = seed
        self._schedule = schedule
        self._loop = loop
        self._facts = facts
        self._processes = processes
        self._evaluation = evaluation
        self._trackers = trackers
        self._peak_flops = peak_flops
        self._live_page = LivePage(out, name=name, total_steps=loop.steps)
        self._feed_state: FeedState | None = None
        self._saved_step = -1
        self._saved_at = time.monotonic()

    def run(self) -> bool:
        """Train until all steps are done (True) or a stop is asked for (False); either way all is saved.

        Raises ``MissingExtraError`` without matplotlib, before anything is done.
        """
        self._out.mkdir(parents=True, exist_ok=True)
        check_can_draw()
        messages = (
            [f"{self._name}: products in {self._facts['products']}"] if "products" in self._facts else []
        )
        state = read_state(
            self._out / "checkpoints",
            facts=self._facts,
            name=self._name,
            learner=self._learner,
            processes=self._processes,
            report=messages.append,
        )
        self._saved_step = state.step if state.is_resumed else -1
        stop = StopRequest(after_minutes=self._loop.stop_after_minutes)
        is_silent = not self._processes.is_first
        with (
            stop,
            TrainingProgress(
                self._name, total=self._loop.steps, start=state.step, is_silent=is_silent
            ) as progress,
        ):
            for message in messages:
                progress.say(message)
            if state.step >= self._loop.steps:
                progress.say(f"{self._name}: all {state.step} steps are done")
                return True
            done = self._train_from(state, stop, progress)
            if done < self._loop.steps:
                reason = stop.reason or "another process was stopped"
                progress.say(f"stopped at step {done}: {reason}; the same command goes on from there")
        return done >= self._loop.steps

    def _train_from(self, state: Resumed, stop: StopRequest, progress: TrainingProgress) -> int:
        meters = Meters(
            self._out,
            start_step=state.step,
            minutes=state.minutes,
            skipped=state.skipped,
            processes=self._processes,
            peak_flops=self._peak_flops,
        )
        if self._processes.is_first:
            forget_after(self._out / EVALUATION_LOG, state.step)
        writer = CheckpointWriter(
            self._out / "checkpoints",
            keep=self._loop.keep,
            is_asynchronous=self._loop.save_in_background,
            processes=self._processes,
        )
        try:
            with writer, self._feed.open(state.step, state.feed) as inputs:
                self._feed_state = self._feed.state()
                return self._train(state.step, inputs, meters, stop, progress, writer)
        finally:
            for tracker in self._trackers:
                tracker.close()

    def _train(
        self,
        start: int,
        inputs: Iterator[T],
        meters: Meters,
        stop: StopRequest,
        progress: TrainingProgress,
        writer: CheckpointWriter,
    ) -> int:
        loop, done, skipped_in_a_row = self._loop, start, 0
        while done < loop.steps and not self._agreed(stop.reason is not None):
            asked = time.monotonic()
            with self._rescued(done, meters, progress, writer):
                batch = self._processes.together(lambda: next(inputs))
            waited = time.monotonic() - asked
            seed_step(self._seed, done)
            try:
                report = self._learner.step(
                    batch, pace=pace_at(self._schedule, step=done, total_steps=loop.steps)
                )
            except COMPILER_ERRORS as error:
                if stop.reason is None:
                    with self._rescued(done, meters, progress, writer):
                        raise compiler_failure(error) from error
                break  # Ctrl-C ended the compiler's processes too: nothing of this step has happened
            done += 1
            self._feed_state = self._feed.state()
            meters.add(report, waited=waited)
            if report.reason is not None:
                progress.say(f"step {done} is skipped: {report.reason}")
            skipped_in_a_row = skipped_in_a_row + 1 if report.is_skipped else 0
            _check_progress(skipped_in_a_row, report)
            if done % loop.log_every == 0 or done == loop.steps:
                self._log(done, meters, progress)
            progress.advance(done)
            if self._is_save_due(done):
                self._save(done, meters, progress, writer)
            with self._rescued(done, meters, progress, writer):
                self._evaluate(done, stop, progress)
        if done != self._saved_step:
            self._save(done, meters, progress, writer)
        return done

    @contextmanager
    def _rescued(
        self, done: int, meters: Meters, progress: TrainingProgress, writer: CheckpointWriter
    ) -> Generator[None]:
        """Save what is done if data or compiler fail inside; of several processes, if all come out of it."""
        try:
            yield
        except UnioError as error:
            is_everywhere = self._processes.size == 1 or isinstance(error, JointError)
            if done != self._saved_step and is_everywhere:
                self._save(done, meters, progress, writer)
            raise

    def _agreed(self, wish: bool) -> bool:
        """Whether any process wishes it: a signal may reach one of them first."""
        return bool(self._processes.sum([float(wish)])[0])

    def _log(self, done: int, meters: Meters, progress: TrainingProgress) -> None:
        line = meters.flush(step=done, learning_rate=self._learner.learning_rate)
        progress.show(line)
        if self._processes.is_first:
            for tracker in self._trackers:
                tracker.log(line)
            self._live_page.update(must=done == self._loop.steps)

    def _is_save_due(self, done: int) -> bool:
        minutes = (time.monotonic() - self._saved_at) / 60
        is_late = self._agreed(self._processes.is_first and minutes >= self._loop.save_every_minutes)
        return done % self._loop.save_every_steps == 0 or is_late

    def _save(self, done: int, meters: Meters, progress: TrainingProgress, writer: CheckpointWriter) -> None:
        facts = {
            **self._facts,
            "minutes": meters.minutes,
            "skipped": meters.skipped,
            "processes": self._processes.size,
            "versions": versions(),
            "feed": self._processes.gather(self._feed_state),
        }
        writer.save(Checkpoint(step=done, parts=self._learner.parts(), facts=facts))
        self._saved_step, self._saved_at = done, time.monotonic()
        if self._processes.is_first:
            draw_curves(meters.path, self._out / "curves.png")
        message = self._learner.preview(self._out, step=done)
        if message:
            progress.say(message)
        if self._processes.is_first:
            self._live_page.update()

    def _evaluate(self, done: int, stop: StopRequest, progress: TrainingProgress) -> None:
        evaluation = self._evaluation
        if evaluation is None or done % evaluation.every_steps:
            return
        message = evaluation.run(done, is_stopped=lambda: self._agreed(stop.reason is not None))
        if message:
            progress.say(message)
        if self._processes.is_first:
            self._live_page.update(must=True)


def seed_step(seed: int, step: int) -> None:
    """Set torch's random numbers to a pure function of (seed, step)."""
    number = int.from_bytes(random_stream(seed, "step", step).bytes(7), "little")
    torch.manual_seed(number)  # pyright: ignore[reportUnknownMemberType]


def _check_progress(skipped_in_a_row: int, report: StepReport) -> None:
    if skipped_in_a_row > MOST_SKIPPED:
        raise UnioError(
            "training has diverged",
            got=f"{skipped_in_a_row} updates in a row that could not be made, the last: {report.reason}",
            fix="mend the data where it is named; else lower optimiser.learning_rate and resume from an "
            "older checkpoint",
        )
