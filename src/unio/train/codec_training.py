"""Training of a codec: build the pool of media, then learn from it (spec section 11)."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from pydantic import Field

from unio.codecs import VQGAN, ViTVQGAN
from unio.codecs.training import CodecObjective, CodecObjectiveConfig
from unio.core import ConfigError
from unio.model import fill_random
from unio.train.choices import ModelChoice
from unio.train.codec_folder import check_sizes, load_audio_codec, load_image_codec
from unio.train.codec_learner import CodecLearner
from unio.train.feeds import StepFeed
from unio.train.optimiser import OptimiserConfig
from unio.train.perceptual import GradientLoss, PerceptualChoice, make_perceptual
from unio.train.resuming import run_facts
from unio.train.run_pool import PooledRun, make_run_pool
from unio.train.schedule import ScheduleConfig
from unio.train.step import PRECISION, Precision, choose_device, describe_products
from unio.train.trainer import LoopConfig, Trainer, seed_step

__all__ = ["CodecRun", "train_codec"]

SHEET = 32
"""Held-out media, drawn on the sheet of reconstructions."""


class CodecRun(PooledRun):
    """Trains one codec on a pool of media, made beforehand and kept."""

    kind: Literal["image_codec", "audio_codec"] = Field(description="Which codec.")
    out: Path = Field(description="Folder of checkpoints, log, curves, reconstructions and the codec.")
    device: str = Field(default="auto", description="auto, cpu, cuda, ...")
    precision: Precision = Field(default="auto", description=PRECISION)
    compile: bool = Field(default=False, description="Compile encoder and decoder.")
    model: ModelChoice = Field(description="The model the codec is for: its geometry and codec sizes.")
    start: Path | None = Field(
        default=None, description="Folder of a codec or of a model whose codec goes on; null begins anew."
    )
    batch_size: int = Field(gt=0, description="Media in a step.")
    objective: CodecObjectiveConfig = Field(description="Losses and the codebook's upkeep.")
    perceptual: PerceptualChoice = Field(
        default_factory=lambda: GradientLoss(),
        description="What the perceptual loss compares; its weight is objective.perceptual_weight.",
    )
    optimiser: OptimiserConfig = Field(description="Optimiser of the codec, and of the discriminator.")
    schedule: ScheduleConfig = Field(description="Learning rate over the steps.")
    loop: LoopConfig = Field(description="Length, saves and log.")


def train_codec(run: CodecRun) -> bool:
    """Build what is missing of the pool, then train or go on training; True when all steps are done.

    The codec of the last save is in ``out/codec``.
    """
    device = choose_device(run.device)
    if run.pool.count <= SHEET:
        raise ConfigError("the pool is too small", got=f"pool.count={run.pool.count}", expected=f"> {SHEET}")
    if run.kind == "audio_codec" and run.objective.reconstruction == "colour":
        raise ConfigError(
            "sounds have no colours", got="objective.reconstruction=colour", expected="l1 or l2"
        )
    geometry = run.model.resolve().geometry
    pool = make_run_pool(run, geometry, medium="image" if run.kind == "image_codec" else "audio")
    seed_step(run.seed, -1)
    codec = _make_codec(run)
    perceptual = make_perceptual(run.perceptual, geometry=geometry.audio, device=device)
    objective = CodecObjective(run.objective, codec, perceptual=perceptual)
    if run.start is not None:
        objective.keeper.take_over(codec.quantizer)
    learner = CodecLearner(
        codec,
        objective,
        config=run.optimiser,
        held_out=pool.gather(range(len(pool) - SHEET, len(pool))),
        device=device,
        precision=run.precision,
    )
    if run.compile:
        for part in (codec.encoder, codec.decoder):
            cast(Any, part).compile()  # the method has no types

    @contextmanager
    def feed(start: int) -> Generator[Iterator[np.ndarray]]:
        yield pool.batches(run.batch_size, seed=run.seed, start=start, leave_out=SHEET)

    trainer = Trainer(
        learner,
        StepFeed(feed),
        name=run.kind.replace("_", " "),
        out=run.out,
        seed=run.seed,
        schedule=run.schedule,
        loop=run.loop,
        facts=run_facts(run, products=describe_products(run.precision, device)),
    )
    return trainer.run()


def _make_codec(run: CodecRun) -> VQGAN | ViTVQGAN:
    config = run.model.resolve()
    is_image = run.kind == "image_codec"
    if run.start is not None:
        codec = (load_image_codec if is_image else load_audio_codec)(run.start).float().requires_grad_(True)
        wanted = config.image_codec if is_image else config.audio_codec
        check_sizes(codec, wanted, folder=run.start)
        return codec
    codec = VQGAN(config.image_codec) if is_image else ViTVQGAN(config.audio_codec)
    fill_random(codec, seed=run.seed)
    return codec
