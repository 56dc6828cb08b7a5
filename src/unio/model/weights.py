"""Models on disk: ``config.json`` and safetensors shards with an index, the Hugging Face folder layout.

::

    config.json                       {"format": "unio", "version": 1, "model": {...}}
    model.safetensors.index.json      which shard holds which parameter
    model-00001-of-00004.safetensors  ...
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

import torch
from torch import Tensor

from unio.core import WeightsError, validate_config
from unio.model.config import ModelConfig
from unio.model.fill import check_names, fill_parameters
from unio.model.shards import plan_shards, read_shard, write_shard, write_text
from unio.model.unified_io import UnifiedIO

__all__ = ["load_model", "read_model_config", "save_model"]

CONFIG_FILE = "config.json"
INDEX_FILE = "model.safetensors.index.json"
FORMAT = "unio"
VERSION = 1
CODECS = ("image_codec.", "audio_codec.")
STORED: Mapping[str, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def save_model(
    model: UnifiedIO,
    folder: str | Path,
    *,
    dtype: Literal["float32", "bfloat16"] = "float32",
    shard_bytes: int = 5_000_000_000,
) -> None:
    """Write a model, its parameters stored as ``dtype`` in files of at most ``shard_bytes``.

    A single parameter larger than that gets a shard of its own. Other files in the folder are left
    alone. Interrupted at any point, the folder holds the old model, the new one, or one without an
    index, which `load_model` refuses: never a mixture.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stored = {name: parameter.detach().to(STORED[dtype]) for name, parameter in model.named_parameters()}
    shards = plan_shards(stored, shard_bytes=shard_bytes)
    for name, names in shards.items():
        write_shard(folder / f"{name}.new", {key: stored[key] for key in names})
    (folder / INDEX_FILE).unlink(missing_ok=True)
    for stale in folder.glob("model-*-of-*.safetensors"):
        stale.unlink()
    for name in shards:
        (folder / f"{name}.new").replace(folder / name)
    settings = {"format": FORMAT, "version": VERSION, "model": model.config.model_dump(mode="json")}
    write_text(folder / CONFIG_FILE, json.dumps(settings, indent=2) + "\n")
    index = {
        "metadata": {"total_size": sum(tensor.nbytes for tensor in stored.values())},
        "weight_map": {key: name for name, names in shards.items() for key in names},
    }
    write_text(folder / INDEX_FILE, json.dumps(index, indent=2) + "\n")


def load_model(
    folder: str | Path, *, device: str | torch.device = "cpu", dtype: torch.dtype = torch.float32
) -> UnifiedIO:
    """Read a model written by `save_model`, its parameters converted to ``dtype``, in evaluation mode.

    The codecs are float32 whatever ``dtype`` is: codes must not depend on the precision around them.
    Raises ``WeightsError`` if a file is missing, broken or cut short, or a tensor is missing,
    unexpected, of the wrong shape or not floating point: there are never random values in it.
    """
    folder = Path(folder)
    model = UnifiedIO(read_model_config(folder))
    shards = _read_index(folder)
    listed = {key: name for name, keys in shards.items() for key in keys}
    check_names(expected=dict(model.named_parameters()), found=listed)
    tensors: dict[str, Tensor] = {}
    for name, keys in shards.items():
        for key, tensor in read_shard(folder / name, expected=keys).items():
            tensors[key] = tensor.to(torch.float32 if key.startswith(CODECS) else dtype)
    fill_parameters(model, tensors, device=device)
    return model.eval()


def read_model_config(folder: str | Path) -> ModelConfig:
    """The configuration of a saved model. Raises ``WeightsError`` or ``ConfigError`` if it is unusable."""
    path = Path(folder) / CONFIG_FILE
    settings = _read_json(path)
    if settings.get("format") != FORMAT or settings.get("version") != VERSION:
        raise WeightsError(
            f"{path} does not describe a unio model",
            got=f"format {settings.get('format')!r}, version {settings.get('version')!r}",
            expected=f"format {FORMAT!r}, version {VERSION}",
        )
    model = settings.get("model")
    if not isinstance(model, dict):
        raise WeightsError(f"{path} has no model section", got=type(model).__name__, expected="a mapping")
    return validate_config(ModelConfig, cast(dict[str, Any], model), where=str(path))


def _read_index(folder: Path) -> dict[str, list[str]]:
    """Shard file -> the parameters it should hold."""
    path = folder / INDEX_FILE
    weight_map = _read_json(path).get("weight_map")
    if not isinstance(weight_map, dict):
        raise WeightsError(f"{path} has no weight_map", expected="parameter name -> shard file")
    shards: dict[str, list[str]] = {}
    for key, name in cast(dict[str, Any], weight_map).items():
        if not isinstance(name, str) or Path(name).name != name:
            raise WeightsError(
                f"{path} names a bad shard for {key}", got=repr(name), expected="a file beside the index"
            )
        shards.setdefault(name, []).append(key)
    return shards


def _read_json(path: Path) -> dict[str, Any]:
    try:
        values: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(
            f"cannot read {path}", got=error.strerror, fix="give a folder written by save_model"
        ) from error
    except ValueError as error:
        raise WeightsError(f"{path} is not valid JSON", got=str(error)) from error
    if not isinstance(values, dict):
        raise WeightsError(f"{path} holds no mapping", got=type(values).__name__)
    return cast(dict[str, Any], values)
