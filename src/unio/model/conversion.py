"""From one folder layout to the other, tensor by tensor and bit for bit (spec section 15)."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from unio.core import InputError
from unio.model.model_folder import CONFIG_FILE, Layout, ModelFolder, own_settings
from unio.model.reference_config import config_to_reference
from unio.model.reference_names import to_reference
from unio.model.shards import plan_shards, write_shard
from unio.model.weights import write_index

__all__ = ["CONVERSION_SHARD_BYTES", "convert_weights"]

CONVERSION_SHARD_BYTES = 2_000_000_000
"""Most bytes of a shard, and so of memory: a shard is gathered before it is written."""


def convert_weights(
    source: ModelFolder,
    target: str | Path,
    *,
    layout: Layout,
    shard_bytes: int = CONVERSION_SHARD_BYTES,
) -> None:
    """Write the weights of ``source`` into the folder ``target`` in another layout, or in the same.

    Every tensor keeps its dtype and its bits. Raises ``InputError`` if ``target`` has a configuration
    already, ``ConfigError`` if the layout cannot say what the model is.
    """
    target = Path(target)
    if (target / CONFIG_FILE).exists():
        raise InputError(
            f"{target} holds a model already", expected="a new or empty folder", fix="name another folder"
        )
    settings: Mapping[str, Any] = (
        own_settings(source.config) if layout == "unio" else config_to_reference(source.config)
    )
    named = {name: name if layout == "unio" else to_reference(name) for name in source.stored_names}
    specs = {named[name]: spec for name, spec in source.specs.items()}
    shards = plan_shards(specs, shard_bytes=shard_bytes)
    ours = {written: name for name, written in named.items()}
    target.mkdir(parents=True, exist_ok=True)
    for shard, names in shards.items():
        gathered = _gather(source, [ours[name] for name in names])
        write_shard(target / f"{shard}.new", {name: gathered[ours[name]] for name in names})
    write_index(target, shards, specs=specs, settings=settings)


def _gather(source: ModelFolder, names: Collection[str]) -> dict[str, Tensor]:
    """Copies of some parameters, all in memory."""
    return {name: tensor.clone() for name, tensor in source.read(names)}
