"""A real model of the smallest sizes for the synthetic world of ``tests/data``, and a learner around it.

The path makes ``synthetic`` importable here and in the worker processes, which inherit it.
"""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "data"))

from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.codecs import TransformerConfig, ViTVQGANConfig, VQGANConfig
from unio.data import BatchMaker, Group, Loader, LoaderConfig, Mixture
from unio.model import ModelConfig, PatchEncoderConfig, ResamplerConfig, TrunkConfig, random_model
from unio.schema import Batch, TargetModality
from unio.train.feeds import StepFeed
from unio.train.model_learner import ModelLearner
from unio.train.optimiser import OptimiserConfig
from unio.train.schedule import ScheduleConfig
from unio.train.trainer import LoopConfig, Trainer

Inputs = Sequence[Batch[np.ndarray]]


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def maker() -> BatchMaker:
    return BatchMaker(
        source=SyntheticSource(),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        groups={
            TargetModality.TEXT: Group(mixture=Mixture(weights={"name": 1}), count=3),
            TargetModality.IMAGE: Group(mixture=Mixture(weights={"paint": 1}), count=2),
            TargetModality.AUDIO: Group(mixture=Mixture(weights={"hum": 1}), count=1),
        },
        seed=7,
    )


@pytest.fixture
def make_learner(tiny_config: ModelConfig) -> Callable[[], ModelLearner]:
    def make() -> ModelLearner:
        return ModelLearner(
            random_model(tiny_config, seed=5),
            config=OptimiserConfig(learning_rate=1e-2, weight_decay=0.1),
            precision="float32",
            z_loss=1e-4,
            average_decay=0.9,
        )

    return make


@pytest.fixture
def make_trainer(maker: BatchMaker) -> Callable[..., Trainer[Inputs]]:
    """A trainer in ``out`` for ``learner``; ``before_step`` is called with each step's number."""

    def make(
        learner: ModelLearner, out: Path, *, before_step: Callable[[int], None] | None = None, **loop: Any
    ) -> Trainer[Inputs]:
        @contextmanager
        def feed(start: int) -> Generator[Iterator[Inputs]]:
            with Loader(maker, config=LoaderConfig(workers=0), start_step=2 * start) as loader:
                batches = iter(loader)

                def steps() -> Iterator[Inputs]:
                    step = start
                    while True:
                        if before_step is not None:
                            before_step(step)
                        yield tuple(islice(batches, 2))
                        step += 1

                yield steps()

        return Trainer(
            learner,
            StepFeed(feed),
            name="tiny",
            out=out,
            seed=3,
            schedule=ScheduleConfig(kind="cosine", warmup_steps=2),
            loop=LoopConfig(**({"steps": 6, "log_every": 2} | loop)),
            facts={"config": {"a": 1}},
        )

    return make
