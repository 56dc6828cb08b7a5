"""Safetensors shards: dividing parameters among files, writing them whole, reading them with errors told."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from unio.core import WeightsError

__all__ = ["plan_shards", "read_shard", "write_shard", "write_text"]

HEADER_BYTES = 150
"""What a tensor adds to a file's header beside its name, at most."""


def plan_shards(tensors: Mapping[str, Tensor], *, shard_bytes: int) -> dict[str, list[str]]:
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


def read_shard(path: Path, *, expected: Sequence[str]) -> dict[str, Tensor]:
    """The tensors of a shard. Raises ``WeightsError`` if it is unreadable or not what the index promised."""
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            f"cannot read {path}",
            got=str(error) or type(error).__name__,
            expected="a complete safetensors file",
            fix="fetch or write the file again",
        ) from error
    if set(tensors) != set(expected):
        raise WeightsError(
            f"{path} does not hold what the index says",
            got=f"{len(tensors)} tensors",
            expected=f"{len(expected)}, such as {expected[0]}",
        )
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            raise WeightsError(f"{path}: {name} is no weight", got=str(tensor.dtype), expected="floats")
    return tensors


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
