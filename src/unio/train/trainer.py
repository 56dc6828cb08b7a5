"""The training loop: the same for the model and for the codecs, stopped and resumed at step boundaries."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import torch
from pydantic import Field

from unio.core import Config, UnioError, random_stream
from unio.train.checkpoint import Checkpoint, Parts, load_latest, save_checkpoint
from unio.train.curves import draw_curves
from unio.train.meters import Meters, StepReport
from unio.train.pace import Pace, pace_at
from unio.train.progress import TrainingProgress
from unio.train.schedule import ScheduleConfig
from unio.train.stopping import StopRequest

__all__ = ["Feed", "Learner", "LoopConfig", "Trainer", "seed_step"]

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

Feed = Callable[[int], AbstractContextManager[Iterator[T]]]
"""From a step to what the steps from there on learn from."""

MOST_SKIPPED = 100
"""Skipped updates in a row after which a run is given up."""


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

    def preview(self, folder: Path, *, step: int) -> str | None:
        """Draw what there is to see into ``folder``; a line to print, if any."""
        ...


class LoopConfig(Config):
    """How long to train and when to save."""

    steps: int = Field(gt=0, description="Optimiser steps in all, those before a resume included.")
    log_every: int = Field(default=20, gt=0, description="Steps between two lines of the log.")
    save_every_steps: int = Field(default=1000, gt=0, description="Steps between two checkpoints.")
    save_every_minutes: float = Field(default=15.0, gt=0, description="Most minutes between two checkpoints.")
    keep: int = Field(default=2, gt=0, description="Checkpoints kept.")
    stop_after_minutes: float | None = Field(
        default=None, gt=0, description="Save and stop after this time; the same command goes on later."
    )


class Trainer(Generic[T]):
    """Runs a learner over a feed, from the last checkpoint in ``out/checkpoints`` on.

    Random numbers of a step are a pure function of (seed, step), so a resumed run takes exactly the
    steps that an unbroken one would.
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
    ) -> None:
        self._learner = learner
        self._feed = feed
        self._name = name
        self._out = out
        self._seed = seed
        self._schedule = schedule
        self._loop = loop
        self._facts = facts
        self._saved_step = -1
        self._saved_at = time.monotonic()

    def run(self) -> bool:
        """Train until all steps are done (True) or a stop is asked for (False); either way all is saved."""
        self._out.mkdir(parents=True, exist_ok=True)
        messages: list[str] = []
        checkpoint = load_latest(self._out / "checkpoints", report=messages.append)
        start = self._resume(checkpoint, messages)
        held: dict[str, Any] = {} if checkpoint is None else dict(checkpoint.facts)
        meters = Meters(
            self._out,
            start_step=start,
            minutes=float(held.get("minutes", 0.0)),
            skipped=int(held.get("skipped", 0)),
        )
        stop = StopRequest(after_minutes=self._loop.stop_after_minutes)
        with stop, TrainingProgress(self._name, total=self._loop.steps, start=start) as progress:
            for message in messages:
                progress.say(message)
            if start >= self._loop.steps:
                progress.say(f"{self._name}: all {start} steps are done")
                return True
            with self._feed(start) as inputs:
                done = self._train(start, inputs, meters, stop, progress)
            if stop.reason and done < self._loop.steps:
                progress.say(f"stopped at step {done}: {stop.reason}; the same command goes on from there")
        return done >= self._loop.steps

    def _resume(self, checkpoint: Checkpoint | None, messages: list[str]) -> int:
        if checkpoint is None:
            return 0
        self._learner.restore(checkpoint.parts)
        self._saved_step = checkpoint.step
        messages.append(f"{self._name}: going on from step {checkpoint.step}")
        changes = _changes(checkpoint.facts.get("config", {}), self._facts.get("config", {}))
        messages.extend(f"changed since the checkpoint: {change}" for change in changes)
        return checkpoint.step

    def _train(
        self, start: int, inputs: Iterator[T], meters: Meters, stop: StopRequest, progress: TrainingProgress
    ) -> int:
        loop, done, skipped_in_a_row = self._loop, start, 0
        while done < loop.steps and stop.reason is None:
            asked = time.monotonic()
            batch = next(inputs)
            waited = time.monotonic() - asked
            seed_step(self._seed, done)
            report = self._learner.step(
                batch, pace=pace_at(self._schedule, step=done, total_steps=loop.steps)
            )
            done += 1
            meters.add(report, waited=waited)
            skipped_in_a_row = skipped_in_a_row + 1 if report.is_skipped else 0
            if skipped_in_a_row > MOST_SKIPPED:
                raise UnioError(
                    "training has diverged",
                    got=f"{skipped_in_a_row} gradients in a row that are not finite",
                    fix="lower optimiser.learning_rate and resume from an older checkpoint",
                )
            if done % loop.log_every == 0 or done == loop.steps:
                progress.show(meters.flush(step=done, learning_rate=self._learner.learning_rate))
            progress.advance(done)
            if self._is_save_due(done):
                self._save(done, meters, progress)
        if done != self._saved_step:
            self._save(done, meters, progress)
        return done

    def _is_save_due(self, done: int) -> bool:
        minutes = (time.monotonic() - self._saved_at) / 60
        return done % self._loop.save_every_steps == 0 or minutes >= self._loop.save_every_minutes

    def _save(self, done: int, meters: Meters, progress: TrainingProgress) -> None:
        facts = {**self._facts, "minutes": meters.minutes, "skipped": meters.skipped}
        checkpoint = Checkpoint(step=done, parts=self._learner.parts(), facts=facts)
        save_checkpoint(self._out / "checkpoints", checkpoint, keep=self._loop.keep)
        self._saved_step, self._saved_at = done, time.monotonic()
        draw_curves(meters.path, self._out / "curves.png")
        message = self._learner.preview(self._out, step=done)
        if message:
            progress.say(message)


def seed_step(seed: int, step: int) -> None:
    """Set torch's random numbers to a pure function of (seed, step)."""
    number = int.from_bytes(random_stream(seed, "step", step).bytes(7), "little")
    torch.manual_seed(number)  # pyright: ignore[reportUnknownMemberType]


def _changes(before: dict[str, Any], now: dict[str, Any], prefix: str = "") -> list[str]:
    """Settings that differ, as ``key: old -> new``."""
    found: list[str] = []
    for key in sorted({*before, *now}):
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += _changes(old, new, prefix=f"{prefix}{key}.")  # pyright: ignore[reportUnknownArgumentType]
        elif old != new:
            found.append(f"{prefix}{key}: {old} -> {new}")
    return found
