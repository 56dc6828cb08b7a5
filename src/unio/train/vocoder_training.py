"""Training of a vocoder: build the pool of sounds, then learn from pieces of them (spec section 11)."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Int16
from pydantic import Field

from unio.codecs.training.vocoder_objective import VocoderObjective, VocoderObjectiveConfig
from unio.codecs.vocoder import Vocoder, VocoderConfig
from unio.core import ConfigError, random_stream
from unio.data import MediaPool
from unio.model import fill_random
from unio.schema import AudioGeometry
from unio.train.choices import ModelChoice
from unio.train.feeds import StepFeed
from unio.train.optimiser import OptimiserConfig
from unio.train.resuming import run_facts
from unio.train.run_pool import PooledRun, make_run_pool
from unio.train.schedule import ScheduleConfig
from unio.train.step import choose_device
from unio.train.trainer import LoopConfig, Trainer
from unio.train.vocoder_learner import VocoderLearner

__all__ = ["VocoderRun", "train_vocoder"]

HELD_OUT = 8
"""Sounds at the pool's end that are never learnt from."""


class VocoderRun(PooledRun):
    """Trains a vocoder on a pool of sounds, made beforehand and kept."""

    kind: Literal["vocoder"] = Field(description="What is trained.")
    out: Path = Field(description="Folder of checkpoints, log, curves, sounds and the vocoder.")
    device: str = Field(default="auto", description="auto, cpu, cuda, ...")
    model: ModelChoice = Field(description="The model the vocoder is for: its sounds' geometry.")
    vocoder: VocoderConfig = Field(description="Sizes; mels and hop are those of the geometry.")
    batch_size: int = Field(gt=0, description="Pieces in a step.")
    piece_frames: int = Field(default=32, gt=0, description="Frames of a piece, cut out at random.")
    objective: VocoderObjectiveConfig = Field(
        default_factory=lambda: VocoderObjectiveConfig(), description="Losses."
    )
    optimiser: OptimiserConfig = Field(description="Optimiser of the vocoder, and of the judges.")
    schedule: ScheduleConfig = Field(description="Learning rate over the steps.")
    loop: LoopConfig = Field(description="Length, saves and log.")


def train_vocoder(run: VocoderRun) -> bool:
    """Build what is missing of the pool, then train or go on training; True when all steps are done.

    The vocoder of the last save is in ``out/vocoder``, for `unio.codecs.vocoder_folder.load_vocoder`.
    Raises ``ConfigError`` for sizes that cannot go together.
    """
    device = choose_device(run.device)
    whole = run.model.resolve().geometry
    geometry = whole.audio
    _check(run, geometry)
    pool = make_run_pool(run, whole, medium="audio", are_waveforms=True)
    vocoder = Vocoder(run.vocoder)
    objective = VocoderObjective(run.objective, geometry)
    fill_random(vocoder, seed=run.seed)
    fill_random(objective, seed=run.seed)
    learner = VocoderLearner(
        vocoder,
        objective,
        config=run.optimiser,
        geometry=geometry,
        held_out=pool.gather(range(len(pool) - HELD_OUT, len(pool))),
        device=device,
    )

    @contextmanager
    def feed(start: int) -> Generator[Iterator[np.ndarray]]:
        yield _pieces(pool, run, geometry, start)

    trainer = Trainer(
        learner,
        StepFeed(feed),
        name="vocoder",
        out=run.out,
        seed=run.seed,
        schedule=run.schedule,
        loop=run.loop,
        facts=run_facts(run),
    )
    return trainer.run()


def _check(run: VocoderRun, geometry: AudioGeometry) -> None:
    ours, theirs = (run.vocoder.mels, run.vocoder.hop), (geometry.mels, geometry.hop)
    if ours != theirs:
        raise ConfigError(
            "the vocoder does not fit the model's sounds",
            got=f"{ours[0]} mel bands and a hop of {ours[1]}",
            expected=f"{theirs[0]} and {theirs[1]}",
            fix="set vocoder.mels, and vocoder.upsample_factors with that product",
        )
    if run.pool.count <= HELD_OUT:
        raise ConfigError(
            "the pool is too small", got=f"pool.count={run.pool.count}", expected=f"> {HELD_OUT}"
        )
    if run.piece_frames >= geometry.frames:
        raise ConfigError(
            "a piece is longer than a segment",
            got=f"piece_frames={run.piece_frames}",
            expected=f"< {geometry.frames}",
        )
    longest = max(geometry.window, *run.objective.windows)
    if run.piece_frames * geometry.hop <= longest // 2:
        raise ConfigError(
            "a piece is too short for its spectra",
            got=f"piece_frames={run.piece_frames}",
            expected=f"> {longest // 2 // geometry.hop}",
        )


def _pieces(
    pool: MediaPool, run: VocoderRun, geometry: AudioGeometry, start: int
) -> Iterator[Int16[np.ndarray, "batch samples"]]:
    """Pieces at random places: each step's a pure function of (seed, step)."""
    length = run.piece_frames * geometry.hop
    drawn = pool.batches(run.batch_size, seed=run.seed, start=start, leave_out=HELD_OUT)
    for step, sounds in enumerate(drawn, start):
        stream = random_stream(run.seed, "pieces", step)
        starts = stream.integers(sounds.shape[1] - length + 1, size=len(sounds))
        pieces = [sound[first : first + length] for sound, first in zip(sounds, starts, strict=True)]
        yield np.stack(pieces)
