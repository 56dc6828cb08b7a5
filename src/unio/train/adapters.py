"""Adapters of a whole model: put in by name pattern, taken out, saved and loaded (see `unio.train.lora`)."""

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import cast

import torch
from pydantic import Field
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor, nn

from unio.core import Config, ConfigError, WeightsError, validate_config
from unio.media import write_whole
from unio.model import UnifiedIO
from unio.train.lora import ADAPTER_NAMES, AdaptedLinear

__all__ = [
    "LoraConfig",
    "adapt",
    "adapted_layers",
    "adapter_tensors",
    "as_plain",
    "load_adapters",
    "save_adapters",
]

SETTINGS = "adapter.json"
WEIGHTS = "adapter.safetensors"


class LoraConfig(Config):
    """Which linear layers get an adapter, and how large."""

    layers: tuple[str, ...] = Field(
        min_length=1,
        description="Name patterns of linear layers, such as encoder.layers.*.attention.query; * stands "
        "for anything.",
    )
    rank: int = Field(gt=0, description="Rank of the adapters.")
    alpha: float = Field(gt=0, description="Scale of the adapters, times 1 / rank.")
    has_magnitude: bool = Field(default=False, description="DoRA: learn the length of each output row too.")
    also_train: tuple[str, ...] = Field(
        default=(), description="Name patterns of parameters that are trained in full, such as *.modality."
    )


def adapt(model: UnifiedIO, config: LoraConfig, *, seed: int) -> None:
    """Freeze ``model`` and put adapters into the layers that ``config`` names, in place.

    Raises ``ConfigError`` for a pattern that fits nothing.
    """
    layers = cast(Iterable[tuple[str, nn.Module]], model.named_modules())
    linear = {name: layer for name, layer in layers if isinstance(layer, nn.Linear)}
    linear = {name: layer for name, layer in linear.items() if not _is_codec(name)}
    chosen = _matching(config.layers, list(linear), what="linear layer", field="lora.layers")
    model.requires_grad_(False)
    for name in chosen:
        adapted = AdaptedLinear(
            linear[name],
            name=name,
            rank=config.rank,
            alpha=config.alpha,
            has_magnitude=config.has_magnitude,
            seed=seed,
        )
        _replace(model, name, adapted)
    parameters = dict(model.named_parameters())
    plain = [name for name in parameters if not _is_codec(name) and not name.endswith(ADAPTER_NAMES)]
    for name in _matching(config.also_train, plain, what="parameter", field="lora.also_train"):
        parameters[name].requires_grad_(True)


def adapted_layers(model: nn.Module) -> dict[str, AdaptedLinear]:
    """The layers that have an adapter, by name."""
    layers = cast(Iterable[tuple[str, nn.Module]], model.named_modules())
    return {name: layer for name, layer in layers if isinstance(layer, AdaptedLinear)}


@contextmanager
def as_plain(model: UnifiedIO) -> Generator[None]:
    """Inside, ``model`` is one without adapters that does the same: to save, or to use without them.

    Afterwards everything is as it was, bit for bit.
    """
    adapted = adapted_layers(model)
    for name, layer in adapted.items():
        layer.merge()
        _replace(model, name, _plain(layer))
    try:
        yield
    finally:
        for name, layer in adapted.items():
            _replace(model, name, layer)
            layer.unmerge()


def adapter_tensors(model: nn.Module) -> dict[str, Tensor]:
    """The adapters' parameters by name."""
    return {name: value.detach() for name, value in model.named_parameters() if name.endswith(ADAPTER_NAMES)}


def save_adapters(model: UnifiedIO, config: LoraConfig, folder: Path) -> None:
    """Write the adapters alone: a few megabytes for a model of a billion parameters."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = {name: value for name, value in model.named_parameters() if value.requires_grad}
    partial = folder / f"{WEIGHTS}.partial"
    save_file({name: value.detach().cpu().contiguous() for name, value in trained.items()}, partial)
    write_whole(folder / SETTINGS, json.dumps(config.model_dump(mode="json"), indent=1).encode())
    partial.replace(folder / WEIGHTS)


def load_adapters(model: UnifiedIO, folder: Path) -> LoraConfig:
    """Put what `save_adapters` wrote into a plain ``model``; the settings are returned.

    Raises ``WeightsError`` if the files are missing or broken, or belong to another model.
    """
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        tensors = load_file(folder / WEIGHTS)
    except (OSError, ValueError, SafetensorError) as error:
        raise WeightsError(f"no adapters in {folder}", got=" ".join(str(error).split())) from error
    config = validate_config(LoraConfig, settings, where=str(folder / SETTINGS))
    adapt(model, config, seed=0)
    parameters = {name: value for name, value in model.named_parameters() if value.requires_grad}
    fits = parameters.keys() == tensors.keys() and all(
        tensors[name].shape == value.shape for name, value in parameters.items()
    )
    if not fits:
        raise WeightsError(f"the adapters in {folder} belong to another model")
    with torch.no_grad():
        for name, value in parameters.items():
            value.copy_(tensors[name])
    return config


def _matching(patterns: Sequence[str], names: Sequence[str], *, what: str, field: str) -> list[str]:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ConfigError(
                f"{field}: no {what} fits {pattern!r}",
                expected=f"a pattern of names such as {names[len(names) // 2]}",
            )
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


def _is_codec(name: str) -> bool:
    return name.startswith(("image_codec.", "audio_codec."))


def _plain(layer: AdaptedLinear) -> nn.Linear:
    """A linear layer that shares the (merged) weight and the bias."""
    has_bias = layer.bias is not None  # pyright: ignore[reportUnnecessaryComparison]
    plain = nn.Linear(layer.in_features, layer.out_features, bias=has_bias, device="meta")
    plain.weight = layer.weight
    if has_bias:
        plain.bias = layer.bias
    return plain


def _replace(model: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, leaf = name.rpartition(".")
    setattr(model.get_submodule(parent), leaf, layer)
