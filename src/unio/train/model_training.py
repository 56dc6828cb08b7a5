"""Training of the model: codecs and tokenizer from their files, examples from a source (spec section 12)."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from unio.data import BatchMaker, Loader
from unio.data.tasks import TASKS
from unio.model import ModelConfig, UnifiedIO, random_model
from unio.schema import Batch
from unio.train.choices import make_source
from unio.train.codec_folder import load_audio_codec, load_image_codec
from unio.train.export import export_model
from unio.train.model_config import ModelRun, batch_groups
from unio.train.model_learner import ModelLearner
from unio.train.step import choose_device
from unio.train.trainer import Trainer
from unio.vocab import TextTokenizer

__all__ = ["build_model", "make_batch_maker", "train_model"]

RESERVED_IDS = 2
"""Ids before the first code of a picture or a sound: begin and reserved (spec section 3)."""


def train_model(run: ModelRun) -> bool:
    """Train, or go on training; True when all steps are done. The model of the last save is in ``out/model``.

    Raises ``ConfigError`` for settings that cannot go together, ``InputError`` or ``WeightsError`` for
    a missing tokenizer or codec.
    """
    device = choose_device(run.device)
    tokenizer = TextTokenizer.from_file(run.tokenizer)
    model = build_model(run, tokenizer, device=device)
    model.run_encoders_in_float32(run.float32_encoders)
    maker = make_batch_maker(run, tokenizer, model.config)
    if run.compile:
        model.compile_trunk()

    def export(averaged: UnifiedIO, out: Path, step: int) -> str:
        export_model(averaged, run, out / "model", step=step)
        return f"step {step}: the model is in {out / 'model'}"

    learner = ModelLearner(
        model,
        config=run.optimiser,
        precision=run.precision,
        z_loss=run.z_loss,
        average_decay=run.average_decay,
        freeze_encoders=run.freeze_encoders,
        export=export,
    )

    @contextmanager
    def feed(start: int) -> Generator[Iterator[Sequence[Batch[np.ndarray]]]]:
        each = run.batch.accumulate
        with Loader(maker, config=run.loader, start_step=start * each) as loader:
            batches = iter(loader)
            yield iter(lambda: tuple(islice(batches, each)), ())

    trainer = Trainer(
        learner,
        feed,
        name=run.name,
        out=run.out,
        seed=run.seed,
        schedule=run.schedule,
        loop=run.loop,
        facts={"kind": run.kind, "config": run.model_dump(mode="json")},
    )
    return trainer.run()


def build_model(run: ModelRun, tokenizer: TextTokenizer, *, device: torch.device) -> UnifiedIO:
    """A model with random weights around the trained codecs, its tables sized after codecs and tokenizer."""
    image_codec = load_image_codec(run.image_codec)
    audio_codec = load_audio_codec(run.audio_codec)
    config: ModelConfig = run.model.resolve(
        image_codec=image_codec.config.model_dump(),
        audio_codec=audio_codec.config.model_dump(),
        text_vocab_rows=tokenizer.layout.padded_size,
        image_vocab_rows=_padded(image_codec.config.num_codes + RESERVED_IDS),
        audio_vocab_rows=_padded(audio_codec.config.num_codes + RESERVED_IDS),
    )
    model = random_model(config, seed=run.seed)
    model.image_codec.load_state_dict(image_codec.state_dict())
    model.audio_codec.load_state_dict(audio_codec.state_dict())
    return model.to(device)


def make_batch_maker(run: ModelRun, tokenizer: TextTokenizer, config: ModelConfig) -> BatchMaker:
    """What makes the run's batches. Raises ``ConfigError`` for a mixture that cannot fill them."""
    groups = batch_groups(run.mixture, run.batch)
    names = [name for group in groups.values() for name in group.mixture.shares]
    guided = frozenset(name for name in names if TASKS.get(name).decoding.guidance > 0)
    return BatchMaker(
        source=make_source(run.source),
        tokenizer=tokenizer,
        geometry=config.geometry,
        groups=groups,
        seed=run.seed,
        multiple=run.batch.multiple,
        keep=run.batch.keep_patches,
        unconditional_share=run.batch.unconditional,
        guided=guided,
    )


def _padded(rows: int) -> int:
    """Rows of an embedding table: the next multiple of 128 (spec section 2)."""
    return -(-rows // 128) * 128
