"""A real model of the smallest sizes for the synthetic world of ``tests/data``, and what trains it.

A plain module, so that processes started by tests can build the same as the fixtures of ``conftest``.
"""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parent.parent / "data"))

from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.codecs import TransformerConfig, ViTVQGANConfig, VQGANConfig
from unio.core import InputError
from unio.data import BatchMaker, Group, LoaderConfig, MadeBatch, Maker, Mixture
from unio.data.packing import PackedBatchMaker, PackingConfig
from unio.model import ModelConfig, PatchEncoderConfig, ResamplerConfig, TrunkConfig, random_model
from unio.schema import TargetModality
from unio.train.evaluation import ModelEvaluation
from unio.train.evaluation_config import EvaluationConfig
from unio.train.feeds import LoaderFeed
from unio.train.learner import Evaluation
from unio.train.model_learner import ModelLearner
from unio.train.optimiser import OptimiserConfig
from unio.train.packed_feed import PackedFeed
from unio.train.packer import make_packer
from unio.train.processes import SOLO, Processes
from unio.train.schedule import ScheduleConfig
from unio.train.trainer import LoopConfig, Trainer

TASKS = {TargetModality.TEXT: "name", TargetModality.IMAGE: "paint", TargetModality.AUDIO: "hum"}


def tiny_config() -> ModelConfig:
    resampler = ResamplerConfig(dim=8, num_heads=2, head_dim=4, num_layers=1, mlp_dim=12)
    stack = TransformerConfig(dim=8, num_layers=1, num_heads=2, head_dim=4, mlp_dim=12)
    encoder = PatchEncoderConfig(dim=8, num_heads=2, head_dim=4, num_layers=2, mlp_dim=12, positions=4)
    return ModelConfig(
        geometry=GEOMETRY,
        trunk=TrunkConfig(dim=16, num_heads=2, head_dim=8, mlp_dim=20, encoder_layers=1, decoder_layers=1),
        image_encoder=encoder,
        audio_encoder=encoder,
        image_resampler=resampler,
        audio_resampler=resampler,
        image_codec=VQGANConfig(
            resolution=16,
            channels=8,
            channel_multipliers=(1, 1, 1, 1),
            num_residual_blocks=1,
            attention_resolutions=(2,),
            num_groups=4,
            num_codes=10,
        ),
        audio_codec=ViTVQGANConfig(frames=16, mels=16, encoder=stack, decoder=stack, code_dim=4, num_codes=6),
        text_vocab_rows=256,
        image_vocab_rows=12,
        audio_vocab_rows=8,
        image_rope_multiplier=1.0,
        audio_rope_multiplier=1.0,
        audio_target_rope_grid=(2, 2),
    )


def tiny_maker(**counts: int) -> BatchMaker:
    """Batches of so many examples of each target modality: text=3, image=2, audio=1 if nothing is said."""
    wanted = counts or {"text": 3, "image": 2, "audio": 1}
    return BatchMaker(
        source=SyntheticSource(),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        groups={
            modality: Group(mixture=Mixture(weights={task: 1}), count=wanted[modality.value])
            for modality, task in TASKS.items()
            if modality.value in wanted
        },
        seed=7,
    )


@dataclass(frozen=True)
class PatchyMaker:
    """Texts and pictures in even batches, sounds alone in odd ones: two processes share no modality."""

    even: BatchMaker
    odd: BatchMaker

    def make(self, step: int) -> MadeBatch:
        return (self.odd if step % 2 else self.even).make(step)


def patchy_maker() -> PatchyMaker:
    return PatchyMaker(even=tiny_maker(text=3, image=1), odd=tiny_maker(audio=2))


def tiny_packer(
    form: str = "variable", *, streams: int = 1, maker: BatchMaker | None = None
) -> PackedBatchMaker:
    """Packs the tasks of `tiny_maker`, small pool, for steps of two batches."""
    packing = PackingConfig(
        form=form,  # type: ignore[arg-type]
        rows=2,
        encoder_length=40,
        decoder_length=16,
        pool=6,
        streams=streams,
    )
    return make_packer(maker or tiny_maker(), packing, tiny_config(), accumulate=2)


def tiny_learner(
    *,
    processes: Processes = SOLO,
    model: Any = None,
    kind: str = "adamw",
    rate: float = 1e-2,
    **settings: Any,
) -> ModelLearner:
    return ModelLearner(
        model or random_model(tiny_config(), seed=5),
        config=OptimiserConfig(kind=kind, learning_rate=rate, weight_decay=0.1, factored_from=8),  # type: ignore[arg-type]
        precision="float32",
        z_loss=1e-4,
        average_decay=0.9,
        processes=processes,
        **settings,
    )


def tiny_trainer(
    learner: ModelLearner,
    out: Path,
    *,
    maker: Maker | PackedBatchMaker,
    processes: Processes = SOLO,
    workers: int = 0,
    evaluation: Evaluation | None = None,
    **loop: Any,
) -> Trainer[Any]:
    """A trainer whose steps are two batches of ``maker``, of all processes together."""
    settings: Any = {
        "config": LoaderConfig(workers=workers),
        "accumulate": 2,
        "report": print,
        "processes": processes,
    }
    return Trainer(
        learner,
        PackedFeed(maker, **settings)
        if isinstance(maker, PackedBatchMaker)
        else LoaderFeed(maker, **settings),
        name="tiny",
        out=out,
        seed=3,
        schedule=ScheduleConfig(kind="cosine", warmup_steps=2),
        loop=LoopConfig(**({"steps": 4, "log_every": 1} | loop)),
        facts={"config": {"a": 1}},
        processes=processes,
        evaluation=evaluation,
    )


@dataclass(frozen=True)
class VanishingMaker:
    """Batches as long as its data are there: not from ``lasts`` on."""

    inner: Maker
    lasts: int

    def make(self, step: int) -> MadeBatch:
        if step >= self.lasts:
            raise InputError("8 examples in a row are broken", got="no disk")
        return self.inner.make(step)


@dataclass(frozen=True)
class InterruptingMaker:
    """Asks its own process to stop whenever a batch is made."""

    inner: Maker

    def make(self, step: int) -> MadeBatch:
        os.kill(os.getpid(), signal.SIGTERM)
        return self.inner.make(step)


def tiny_evaluation(
    learner: ModelLearner,
    out: Path,
    *,
    every: int,
    processes: Processes,
    is_interrupted: bool = False,
    is_gone: bool = False,
) -> ModelEvaluation:
    """Two batches a process of `tiny_maker`; no samples."""
    maker: Maker = VanishingMaker(tiny_maker(), lasts=0) if is_gone else tiny_maker()
    return ModelEvaluation(
        learner,
        EvaluationConfig(every_steps=every, batches=2, samples=0),
        maker=InterruptingMaker(maker) if is_interrupted else maker,
        source=SyntheticSource(),
        tokenizer=cast(Any, LetterTokenizer()),
        tasks=list(TASKS.values()),
        out=out,
        precision="float32",
        processes=processes,
    )


RUN: dict[str, Any] = {
    "kind": "model",
    "name": "tiny",
    "out": "x",
    "model": {"preset": "nano"},
    "tokenizer": "x",
    "image_codec": "x",
    "audio_codec": "x",
    "mixture": {"weights": {"vqa": 1}},
    "batch": {"text": 2, "image": 0, "audio": 0},
    "optimiser": {"learning_rate": 1.0, "factored_from": 8},
    "schedule": {"kind": "cosine"},
    "loop": {"steps": 100},
}
"""A run file's values; the folders it names are not there."""
