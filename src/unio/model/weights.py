"""Models on disk: ``config.json`` and safetensors shards with an index, the Hugging Face folder layout.

::

    config.json                       {"format": "unio", "version": 1, "model": {...}}
    model.safetensors.index.json      which shard holds which parameter
    model-00001-of-00004.safetensors  ...

Loading also takes the layout of the published checkpoints (spec section 15); `model_folder` tells them apart.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from unio.core import InputError
from unio.model.fill import fill_parameters
from unio.model.model_folder import CONFIG_FILE, open_model_folder, own_settings
from unio.model.parts import absent_modalities, check_modalities, modality_of, remove_parts
from unio.model.shards import plan_shards, write_shard, write_text
from unio.model.stored_weights import INDEX_FILE, SINGLE_FILE
from unio.model.tensor_files import TensorSpec
from unio.model.unified_io import UnifiedIO
from unio.nn.quantised_linear import QuantisedLinear

__all__ = ["SHARD_BYTES", "is_full_precision", "load_model", "save_model", "write_index"]

SHARD_BYTES = 5_000_000_000
"""Most bytes of a shard where nothing else is asked for."""

FULL_PRECISION = (
    "image_codec.",
    "audio_codec.",
    "input_embedders.image.encoder.",
    "input_embedders.audio.encoder.",
)
"""Parts that are float32 whatever the trunk is: the codecs, the ViT and the AST (spec section 12)."""

STORED: Mapping[str, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def save_model(
    model: UnifiedIO,
    folder: str | Path,
    *,
    dtype: Literal["float32", "bfloat16"] | None = "float32",
    shard_bytes: int = SHARD_BYTES,
) -> None:
    """Write a model, its parameters stored as ``dtype`` (None: as they are) in files of ``shard_bytes``.

    A single parameter larger than that gets a shard of its own. Other files in the folder are left
    alone. Interrupted at any point, the folder holds the old model, the new one, or one without an
    index, which `load_model` refuses: never a mixture. Raises ``InputError`` for a model that was loaded
    in part or quantised.
    """
    absent = absent_modalities(model)
    if absent:
        raise InputError(
            "only a whole model can be saved",
            got=f"one loaded without {', '.join(absent)}",
            fix="load it without modalities, or convert its folder",
        )
    if any(isinstance(part, QuantisedLinear) for part in model.modules()):
        raise InputError(
            "a quantised model cannot be saved",
            got="a decoder of 8 or 4 bits a weight",
            fix="load it without quantise",
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stored = {
        name: parameter.detach().to(STORED[dtype] if dtype is not None else parameter.dtype)
        for name, parameter in model.named_parameters()
    }
    shards = plan_shards(stored, shard_bytes=shard_bytes)
    for name, names in shards.items():
        write_shard(folder / f"{name}.new", {key: stored[key] for key in names})
    write_index(folder, shards, specs=stored, settings=own_settings(model.config))


def write_index(
    folder: Path,
    shards: Mapping[str, Collection[str]],
    *,
    specs: Mapping[str, Tensor | TensorSpec],
    settings: Mapping[str, Any],
) -> None:
    """Put shards written as ``NAME.new`` in the place of the model that was there, the index last."""
    (folder / INDEX_FILE).unlink(missing_ok=True)
    for stale in (*folder.glob("model-*-of-*.safetensors"), folder / SINGLE_FILE):
        stale.unlink(missing_ok=True)
    for name in shards:
        (folder / f"{name}.new").replace(folder / name)
    write_text(folder / CONFIG_FILE, json.dumps(settings, indent=2) + "\n")
    index = {
        "metadata": {"total_size": sum(spec.nbytes for spec in specs.values())},
        "weight_map": {key: name for name, names in shards.items() for key in names},
    }
    write_text(folder / INDEX_FILE, json.dumps(index, indent=2) + "\n")


def load_model(
    folder: str | Path,
    *,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    modalities: Collection[str] | None = None,
) -> UnifiedIO:
    """Read a model of either layout, its parameters converted to ``dtype``, in evaluation mode.

    The codecs, the ViT and the AST are float32 whatever ``dtype`` is, and run so under autocast too:
    codes and features must not depend on the precision around them. ``modalities`` names what will be
    asked of the model beside text (see `parts`); the rest is not read, and an ``InputError`` when used.

    Each tensor goes from the mapped file straight to its place, so that at most a few megabytes are in
    memory twice. Raises ``WeightsError`` if a file is missing, broken or cut short, or a tensor is
    missing, unexpected, of the wrong shape or not floating point: there are never random values in it.
    """
    stored = open_model_folder(folder)
    keep = check_modalities(modalities)
    model = UnifiedIO(stored.config)
    remove_parts(model, keep=keep)
    tensors: dict[str, Tensor] = {
        name: torch.empty(
            spec.shape, dtype=torch.float32 if is_full_precision(name) else dtype, device=device
        )
        for name, spec in stored.specs.items()
        if (modality_of(name) or "text") in {"text", *keep}
    }
    stored.copy_into(tensors)
    fill_parameters(model, tensors, device=device)
    model.run_encoders_in_float32(True)
    return model.eval()


def is_full_precision(name: str) -> bool:
    """Whether a parameter is float32 whatever the trunk's dtype is."""
    return name.startswith(FULL_PRECISION)
