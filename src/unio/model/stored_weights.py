"""Which files of a folder hold which tensors: safetensors or pickles, single or sharded with an index."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from torch import Tensor

from unio.core import WeightsError
from unio.model.fill import difference
from unio.model.tensor_files import TensorFile, TensorSpec, open_tensor_file

__all__ = ["INDEX_FILE", "SINGLE_FILE", "StoredWeights", "find_weights", "read_json"]

SINGLE_FILE = "model.safetensors"
INDEX_FILE = "model.safetensors.index.json"
CANDIDATES = (INDEX_FILE, SINGLE_FILE, "pytorch_model.bin.index.json", "pytorch_model.bin")
"""Where weights are looked for, in this order: an index before a single file, safetensors before pickles."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredWeights:
    """The tensors of a folder, under the names they have there. Nothing is in memory yet."""

    files: tuple[TensorFile, ...]

    @property
    def specs(self) -> Mapping[str, TensorSpec]:
        """Shape and dtype of every tensor."""
        return {name: spec for file in self.files for name, spec in file.specs.items()}

    def read(self, names: Collection[str]) -> Iterator[tuple[str, Tensor]]:
        """Those of ``names``, file by file, each valid only until the next one is asked for."""
        for file in self.files:
            yield from file.read(name for name in file.specs if name in names)

    def copy_into(self, targets: Mapping[str, Tensor]) -> None:
        """Copy tensors into ``targets``, by name, converted to their dtypes and devices."""
        for file in self.files:
            file.copy_into({name: targets[name] for name in file.specs if name in targets})


def find_weights(folder: Path) -> StoredWeights:
    """The weights of a folder, their files' headers read.

    Raises ``WeightsError`` if there are none, or a file is missing, broken, cut short, holds code or is
    not what the index says.
    """
    found = next((folder / name for name in CANDIDATES if (folder / name).is_file()), None)
    if found is None:
        shards = len([*folder.glob("*-of-*.safetensors"), *folder.glob("*-of-*.bin")])
        raise WeightsError(
            f"{folder} holds no weights",
            got=f"{shards} shards without an index" if shards else None,
            expected=f"one of {', '.join(CANDIDATES)}",
            fix="fetch or save the model again",
        )
    if found.suffix != ".json":
        return StoredWeights(files=(open_tensor_file(found),))
    shards = _read_index(found)
    return StoredWeights(files=tuple(_open_shard(found, name, listed) for name, listed in shards.items()))


def read_json(path: Path) -> dict[str, Any]:
    """The mapping in a JSON file. Raises ``WeightsError`` if it is missing, broken or no mapping."""
    try:
        values: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(f"cannot read {path}", got=error.strerror, fix="give a model's folder") from error
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{path} is not valid JSON", got=str(error)) from error
    if not isinstance(values, dict):
        raise WeightsError(f"{path} holds no mapping", got=type(values).__name__)
    return cast(dict[str, Any], values)


def _read_index(path: Path) -> dict[str, list[str]]:
    """Shard file -> the tensors it should hold."""
    weight_map = read_json(path).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise WeightsError(f"{path} has no weight_map", expected="parameter name -> shard file")
    shards: dict[str, list[str]] = {}
    for key, name in cast(dict[str, Any], weight_map).items():
        if not isinstance(name, str) or Path(name).name != name:
            raise WeightsError(
                f"{path} names a bad shard for {key}", got=repr(name), expected="a file beside the index"
            )
        shards.setdefault(name, []).append(key)
    return shards


def _open_shard(index: Path, name: str, listed: Collection[str]) -> TensorFile:
    path = index.with_name(name)
    if not path.is_file():
        raise WeightsError(
            f"{index} names a file that is not there", got=name, fix="fetch the missing file, or all again"
        )
    file = open_tensor_file(path)
    told = difference(expected=listed, found=file.specs)
    if told is not None:
        raise WeightsError(
            f"{path} does not hold what the index says",
            got=told,
            expected=f"exactly the {len(listed)} tensors that {index.name} lists for it",
            fix="fetch the files again: they belong to different models or versions",
        )
    return file
