"""A checkpoint's tensors in many files, each process writing and reading its own share (torch DCP).

Written by any number of processes, read by any other number: torch's planner finds for every part of
a tensor the files that hold it.
"""

import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.checkpoint import state_dict_loader, state_dict_saver
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.filesystem import FileSystemReader, FileSystemWriter
from torch.distributed.checkpoint.metadata import TensorStorageMetadata
from torch.distributed.tensor import DTensor, Shard, distribute_tensor
from torch.distributed.tensor import empty as empty_sharded  # pyright: ignore[reportUnknownVariableType]

from unio.core import CheckpointError

__all__ = [
    "Place",
    "Shards",
    "is_sharded",
    "owner",
    "place_like",
    "read_shards",
    "share_like",
    "write_shards",
]

Shards = Mapping[str, Mapping[str, Tensor]]

Place = Callable[[str], Tensor | None]
"""From a tensor's key (``name`` or ``name:quantity``) to the parameter it belongs to, if any."""


def is_sharded(parts: Shards) -> bool:
    """Whether any tensor lies in several processes."""
    return any(isinstance(value, DTensor) for tensors in parts.values() for value in tensors.values())


def write_shards(parts: Shards, folder: Path, *, group: dist.ProcessGroup | None) -> None:
    """Write ``parts`` into ``folder``, flushed to the disk. Every process of ``group`` must call it.

    Raises ``OSError`` in every process if one of them cannot write.
    """
    state = {f"{part}/{key}": value for part, tensors in parts.items() for key, value in tensors.items()}
    writer = FileSystemWriter(folder, sync_files=True)
    try:
        cast(Any, state_dict_saver).save(state, storage_writer=writer, process_group=group)
    except CheckpointException as error:
        raise OSError(_first(error)) from error


def read_shards(folder: Path, *, names: list[str], place: Place | None) -> Shards:
    """What `write_shards` wrote, the parts called ``names`` (some may be empty).

    With ``place``, tensors of sharded parameters come back sharded as they are, each process reading its
    own share; others come back whole. Raises ``CheckpointError`` if the files cannot be read.
    """
    try:
        reader = FileSystemReader(folder)
        stored = cast(Mapping[str, Any], reader.read_metadata().state_dict_metadata)
        state: dict[str, Any] = {}
        for key, facts in stored.items():
            assert isinstance(facts, TensorStorageMetadata), "only tensors are written"
            like = None if place is None else place(key.partition("/")[2])
            state[key] = place_like(tuple(facts.size), facts.properties.dtype, like)
        cast(Any, state_dict_loader).load(state, storage_reader=reader)
    except (OSError, EOFError, pickle.UnpicklingError, CheckpointException) as error:
        raise CheckpointError(f"cannot read the tensors in {folder}", got=_first(error)) from error
    parts: dict[str, dict[str, Tensor]] = {name: {} for name in names}
    for key, value in state.items():
        part, _, name = key.partition("/")
        parts[part][name] = value
    return parts


def place_like(shape: tuple[int, ...], dtype: torch.dtype, like: Tensor | None) -> Tensor:
    """An empty tensor, laid over the processes as ``like`` is where their shapes allow, whole otherwise.

    A vector of row means of a matrix split by rows is split too; a step count is whole.
    """
    if not isinstance(like, DTensor) or not shape:
        return torch.empty(shape, dtype=dtype)
    dims = [int(cast(Any, one).dim) for one in like.placements if isinstance(one, Shard)]
    fits = all(dim < len(shape) and shape[dim] == like.shape[dim] for dim in dims)
    if not fits:
        return torch.empty(shape, dtype=dtype)
    return empty_sharded(*shape, dtype=dtype, device_mesh=like.device_mesh, placements=like.placements)


def share_like(value: Tensor, like: Tensor | None) -> Tensor:
    """A whole tensor that every process holds, cut to this one's share where ``like`` is sharded."""
    target = place_like(tuple(value.shape), value.dtype, like)
    if not isinstance(target, DTensor):
        return value
    mesh, placements = target.device_mesh, target.placements
    return distribute_tensor(value.to(mesh.device_type), mesh, placements, src_data_rank=None)


def owner(name: str) -> int | None:
    """The process that wrote a file of `write_shards`; None for what the first one writes for all.

    Example::

        owner("__3_0.distcp")  # 3
        owner(".metadata")     # None
    """
    number = name.removeprefix("__").partition("_")[0]
    return int(number) if name.startswith("__") and number.isdigit() else None


def _first(error: BaseException) -> str:
    if isinstance(error, CheckpointException) and error.failures:
        rank, (reason, _) = sorted(error.failures.items())[0]
        return f"process {rank}: {' '.join(str(reason).split())}"
    return " ".join(f"{type(error).__name__}: {error}".split())
