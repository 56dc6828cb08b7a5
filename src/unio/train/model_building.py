"""The model a run trains: random weights around trained codecs, or a model that is there, adapted or not."""

from collections.abc import Sequence
from pathlib import Path

import torch

from unio.codecs import VQGAN, ViTVQGAN
from unio.core import ConfigError
from unio.model import (
    ModelConfig,
    UnifiedIO,
    fill_random,
    load_model,
    preset,
    random_model,
    read_model_config,
)
from unio.model.model_folder import CONFIG_FILE
from unio.train.adapters import adapt
from unio.train.codec_folder import check_sizes, load_audio_codec, load_image_codec
from unio.train.model_config import ModelRun
from unio.vocab import TextTokenizer

__all__ = ["build_model", "resolved_config"]

RESERVED_IDS = 2
"""Ids before the first code of a picture or a sound: begin and reserved (spec section 3)."""

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def build_model(run: ModelRun, tokenizer: TextTokenizer, *, device: torch.device) -> UnifiedIO:
    """The model as it is before the first step, the same in every process.

    Random weights get tables sized after codecs and tokenizer; a model that is there keeps its own codecs
    unless the run names others. Raises ``WeightsError`` for codecs or a model that cannot be read,
    ``ConfigError`` for a codec of other sizes than the model's, a tokenizer that does not fit its table, or
    a part that it does not have.
    """
    if run.start is None:
        model = _fresh_model(run, tokenizer)
    else:
        model = load_model(run.start, dtype=DTYPES[run.base_dtype]).train()
        _check_tokenizer(tokenizer, model.config, folder=run.start)
        if run.image_codec is not None:
            _replace(model.image_codec, load_image_codec(run.image_codec), folder=run.image_codec)
        if run.audio_codec is not None:
            _replace(model.audio_codec, load_audio_codec(run.audio_codec), folder=run.audio_codec)
    for name in run.anew:
        if not fill_random(model, seed=run.seed, part=name):
            raise _no_such_part(name, "to begin anew")
    _freeze(model, run.frozen)
    if run.lora is not None:
        adapt(model, run.lora, seed=run.seed)
        for value in model.parameters():
            if value.requires_grad:
                value.data = value.data.float()  # what learns is float32, whatever the rest is held in
    return model.to(device)


def resolved_config(run: ModelRun, *, sizes: str | None = None) -> ModelConfig:
    """The sizes of the run's model without its files, as far as they can be known: for planning.

    Codecs and vocabulary are those of the preset where the run names folders that are not there. ``sizes``
    names the preset of a model in ``start`` that is not there yet. Raises ``ConfigError`` without it.
    """
    if run.start is not None and (run.start / CONFIG_FILE).is_file():
        return read_model_config(run.start)
    if run.model is not None:
        return run.model.resolve()
    if sizes is None:
        raise ConfigError(
            "the sizes of the model are not known",
            got=f"no model in {run.start}",
            fix="put the model there, or plan with its sizes: unio train CONFIG --plan --sizes large",
        )
    return preset(sizes)


def _fresh_model(run: ModelRun, tokenizer: TextTokenizer) -> UnifiedIO:
    assert run.model is not None, "checked with the configuration"
    image_codec = load_image_codec(_given(run.image_codec))
    audio_codec = load_audio_codec(_given(run.audio_codec))
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
    return model


def _replace(own: VQGAN | ViTVQGAN, other: VQGAN | ViTVQGAN, *, folder: Path) -> None:
    """Give the model's own codec another's weights: its codes should mean what the model learned them for."""
    check_sizes(other, own.config, folder=folder)
    own.load_state_dict(other.state_dict())


def _freeze(model: UnifiedIO, names: Sequence[str]) -> None:
    for name in names:
        chosen = [value for key, value in model.named_parameters() if f"{key}.".startswith(f"{name}.")]
        if not chosen:
            raise _no_such_part(name, "to be frozen")
        for value in chosen:
            value.requires_grad_(False)


def _no_such_part(name: str, purpose: str) -> ConfigError:
    return ConfigError(
        f"no such part of the model {purpose}",
        got=repr(name),
        expected="the dotted name of a module or a parameter, such as input_embedders.image_history",
        fix="unio info MODEL lists the parts",
    )


def _check_tokenizer(tokenizer: TextTokenizer, config: ModelConfig, *, folder: Path) -> None:
    if tokenizer.layout.padded_size != config.text_vocab_rows:
        raise ConfigError(
            f"the tokenizer does not fit the model in {folder}",
            got=f"{tokenizer.layout.padded_size} text ids",
            expected=f"{config.text_vocab_rows}, as in its table",
            fix="use the tokenizer the model was trained with",
        )


def _given(folder: Path | None) -> Path:
    assert folder is not None, "checked with the configuration"
    return folder


def _padded(rows: int) -> int:
    """Rows of an embedding table: the next multiple of 128 (spec section 2)."""
    return -(-rows // 128) * 128
