"""Training of a history's resampler by itself: build the pool of frames, then learn them (our own stage)."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from unio.core import Config, ConfigError
from unio.data import MediaMaker, MediaPool, PoolConfig, build_pool
from unio.model import fill_random, load_model
from unio.schema import Geometry
from unio.train.choices import SourceConfig, make_source
from unio.train.feeds import StepFeed
from unio.train.optimiser import OptimiserConfig
from unio.train.progress import TrainingProgress
from unio.train.resampler_learner import ResamplerLearner
from unio.train.schedule import ScheduleConfig
from unio.train.step import Precision, choose_device
from unio.train.trainer import LoopConfig, Trainer, seed_step

__all__ = ["ResamplerRun", "train_resampler"]

HELD_OUT = 64
"""Frames at the pool's end that are never learned from."""

RESAMPLER = "input_embedders.image_history.resampler"


class ResamplerRun(Config):
    """Trains the resampler of a model's picture history on a pool of pictures, made beforehand and kept."""

    kind: Literal["image_resampler"] = Field(description="What is trained.")
    out: Path = Field(description="Folder of checkpoints, log, curves, reconstructions and the model.")
    seed: int = Field(default=0, description="Seed of weights, pictures and order.")
    device: str = Field(default="auto", description="auto, cpu, cuda, ...")
    precision: Precision = Field(default="bf16", description="Precision of matrix products.")
    start: Path = Field(description="Folder of the model, whose ViT has learned to see.")
    anew: bool = Field(default=True, description="Begin the resampler with random weights.")
    source: SourceConfig = Field(
        default_factory=lambda: SourceConfig(), description="Where pictures come from."
    )
    pool: PoolConfig = Field(description="The pictures to learn from.")
    pool_folder: Path = Field(description="Folder the pool is kept in.")
    batch_size: int = Field(gt=0, description="Pictures in a step.")
    detail: int = Field(default=8, gt=0, description="Pixels along a side of what each latent has to tell.")
    optimiser: OptimiserConfig = Field(description="The optimiser.")
    schedule: ScheduleConfig = Field(description="Learning rate over the steps.")
    loop: LoopConfig = Field(description="Length, saves and log.")


def train_resampler(run: ResamplerRun) -> bool:
    """Build what is missing of the pool, then train or go on training; True when all steps are done.

    The whole model, with the resampler of the last save, is in ``out/model``.
    """
    device = choose_device(run.device)
    if run.pool.count <= HELD_OUT:
        raise ConfigError(
            "the pool is too small", got=f"pool.count={run.pool.count}", expected=f"> {HELD_OUT}"
        )
    model = load_model(run.start)
    pool = _build_pool(run, model.config.geometry)
    seed_step(run.seed, -1)
    if run.anew:
        fill_random(model, seed=run.seed, part=RESAMPLER)
    learner = ResamplerLearner(
        model,
        folder=run.start,
        detail=run.detail,
        config=run.optimiser,
        held_out=pool.gather(range(len(pool) - HELD_OUT, len(pool))),
        device=device,
        precision=run.precision,
    )

    @contextmanager
    def feed(start: int) -> Generator[Iterator[np.ndarray]]:
        yield pool.batches(run.batch_size, seed=run.seed, start=start, leave_out=HELD_OUT)

    trainer = Trainer(
        learner,
        StepFeed(feed),
        name="image resampler",
        out=run.out,
        seed=run.seed,
        schedule=run.schedule,
        loop=run.loop,
        facts={"kind": run.kind, "config": run.model_dump(mode="json")},
    )
    return trainer.run()


def _build_pool(run: ResamplerRun, geometry: Geometry) -> MediaPool:
    wrong = [entry.field for entry in run.pool.entries if "image" not in entry.field]
    if wrong:
        raise ConfigError("the pool of a picture history holds other media", got=f"field {wrong[0]!r}")
    maker = MediaMaker(
        source=make_source(run.source), entries=run.pool.entries, geometry=geometry, seed=run.seed
    )
    with TrainingProgress("pictures", total=run.pool.count) as progress:
        return build_pool(run.pool_folder, maker, run.pool, report=lambda done, _total: progress.count(done))
