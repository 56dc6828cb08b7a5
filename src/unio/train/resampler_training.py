"""Training of a history's resampler by itself: build the pool of frames, then learn them (our own stage)."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from unio.core import ConfigError
from unio.model import fill_random, load_model
from unio.train.feeds import StepFeed
from unio.train.optimiser import OptimiserConfig
from unio.train.resampler_learner import ResamplerLearner
from unio.train.resuming import run_facts
from unio.train.run_pool import PooledRun, make_run_pool
from unio.train.schedule import ScheduleConfig
from unio.train.step import PRECISION, Precision, choose_device, describe_products
from unio.train.trainer import LoopConfig, Trainer, seed_step

__all__ = ["ResamplerRun", "train_resampler"]

HELD_OUT = 64
"""Frames at the pool's end that are never learned from."""

RESAMPLER = "input_embedders.image_history.resampler"


class ResamplerRun(PooledRun):
    """Trains the resampler of a model's picture history on a pool of pictures, made beforehand and kept."""

    kind: Literal["image_resampler"] = Field(description="What is trained.")
    out: Path = Field(description="Folder of checkpoints, log, curves, reconstructions and the model.")
    device: str = Field(default="auto", description="auto, cpu, cuda, ...")
    precision: Precision = Field(default="auto", description=PRECISION)
    start: Path = Field(description="Folder of the model, whose ViT has learned to see.")
    anew: bool = Field(default=True, description="Begin the resampler with random weights.")
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
    pool = make_run_pool(run, model.config.geometry, medium="image")
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
        facts=run_facts(run, products=describe_products(run.precision, device)),
    )
    return trainer.run()
