"""Safetensors shards: dividing parameters among files, and writing them whole."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from unio.model.tensor_files import TensorSpec

__all__ = ["plan_shards", "write_shard", "write_text"]

HEADER_BYTES = 150
"""What a tensor adds to a file's header beside its name, at most."""


def plan_shards(tensors: Mapping[str, Tensor | TensorSpec], *, shard_bytes: int) -> dict[str, list[str]]:
    """Shard file -> names of its tensors, in order, each shard filled as far as it goes.

    ``shard_bytes`` bounds the file, header included. Example: tensors of 300, 400 and 500 bytes with
    ``shard_bytes=1100`` give two shards, of the first two and of the third.
    """
    groups: list[list[str]] = []
    room = 0
    for name, tensor in tensors.items():
        size = tensor.nbytes + len(name) + HEADER_BYTES
        if not groups or size > room:
            groups.append([])
            room = shard_bytes
        groups[-1].append(name)
        room -= size
    count = len(groups)
    return {
        f"model-{number:05d}-of-{count:05d}.safetensors": names
        for number, names in enumerate(groups, start=1)
    }


def write_shard(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write the tensors to ``path``, whole or not at all."""
    plain = {name: tensor.contiguous().cpu() for name, tensor in tensors.items()}
    _write_whole(path, lambda temporary: save_file(plain, temporary, metadata={"format": "pt"}))


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, whole or not at all."""
    _write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
