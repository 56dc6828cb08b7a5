"""A folder of random weights, of any size and in either layout: loading and speed without a download."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from unio.model.config import ModelConfig
from unio.model.initialise import random_tensors
from unio.model.model_folder import Layout, own_settings
from unio.model.reference_config import config_to_reference
from unio.model.reference_names import to_reference
from unio.model.shards import plan_shards, write_shard
from unio.model.tensor_files import TensorSpec
from unio.model.unified_io import UnifiedIO
from unio.model.weights import write_index

__all__ = ["write_random_folder"]


def write_random_folder(
    config: ModelConfig,
    folder: str | Path,
    *,
    seed: int,
    layout: Layout = "reference",
    dtype: torch.dtype = torch.float32,
    shard_bytes: int = 1_000_000_000,
) -> None:
    """Write the weights of ``random_model(config, seed=seed)`` as ``dtype``, one shard in memory at a time.

    Raises ``ConfigError`` if the reference's layout cannot say what the model is.
    """
    folder = Path(folder)
    settings = own_settings(config) if layout == "unio" else config_to_reference(config)
    folder.mkdir(parents=True, exist_ok=True)
    model = UnifiedIO(config)
    specs: dict[str, TensorSpec] = {}
    for name, parameter in model.named_parameters():
        stored = to_reference(name) if layout == "reference" else name
        specs[stored] = TensorSpec(shape=tuple(parameter.shape), dtype=dtype)
    shards = plan_shards(specs, shard_bytes=shard_bytes)
    made: Iterator[tuple[str, Tensor]] = random_tensors(model, seed=seed)
    for shard, names in shards.items():
        values = [tensor.to(dtype) for _, tensor in islice(made, len(names))]
        write_shard(folder / f"{shard}.new", dict(zip(names, values, strict=True)))
    write_index(folder, shards, specs=specs, settings=settings)
