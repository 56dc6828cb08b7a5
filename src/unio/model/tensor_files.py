"""Weight files as they lie on disk, safetensors or PyTorch pickles, mapped and read a little at a time.

A mapped page counts as the process's memory from the moment it is read until its file is unmapped. So a
file is mapped anew for each group of tensors: however large it is, a reader that copies what it gets holds
one group beside its copies.
"""

import pickle
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import EllipsisType
from typing import Any, cast

import torch
from safetensors import SafetensorError, safe_open  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from unio.core import WeightsError

__all__ = ["TensorFile", "TensorSpec", "open_tensor_file"]

GROUP_BYTES = 32 * 2**20
"""Most bytes of tensors mapped at a time. `read` maps a larger one whole, as a group of its own."""

FLOATS: Mapping[str, torch.dtype] = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
}
"""Names of the dtypes a weight may have in a safetensors file."""

ZIP_START = b"PK\x03\x04"
"""A pickle written since PyTorch 1.6 is a zip archive, which can be mapped; older ones are read whole."""

Get = Callable[[str], Tensor]


@dataclass(frozen=True, kw_only=True)
class TensorSpec:
    """What is known of a tensor before it is read."""

    shape: tuple[int, ...]
    dtype: torch.dtype

    @property
    def count(self) -> int:
        """Numbers in the tensor."""
        return torch.Size(self.shape).numel()

    @property
    def nbytes(self) -> int:
        """Bytes on disk."""
        return self.count * self.dtype.itemsize


class TensorFile(ABC):
    """A file of named tensors. Making one reads names, shapes and dtypes, and no weights."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.specs: Mapping[str, TensorSpec] = self._read_specs()

    @abstractmethod
    def _read_specs(self) -> dict[str, TensorSpec]:
        """Names, shapes and dtypes. Raises ``WeightsError`` if the file is unusable."""

    @abstractmethod
    def _mapped(self) -> AbstractContextManager[Get]:
        """The mapped file: a function from a name to a tensor that is valid until the exit."""

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, Tensor]]:
        """The named tensors in order, each valid only until the next one is asked for.

        Raises ``WeightsError`` if the file has become unreadable.
        """
        for group in self._groups(names):
            with self._mapped() as get:
                for name in group:
                    yield name, get(name)

    def copy_into(self, targets: Mapping[str, Tensor]) -> None:
        """Copy the named tensors into ``targets`` of the same shapes, converted to their dtypes and devices.

        A tensor larger than a group is copied some rows at a time. Raises as `read` does.
        """
        for group in self._groups(targets):
            for piece in self._pieces(group):
                with self._mapped() as get:
                    for name in group:
                        targets[name][piece].copy_(get(name)[piece])

    def _pieces(self, group: list[str]) -> Iterable[slice | EllipsisType]:
        """The rows of a group that are mapped at a time: all, unless it is one large tensor."""
        spec = self.specs[group[0]]
        if len(group) > 1 or spec.nbytes <= GROUP_BYTES:
            return [...]
        rows = max(1, GROUP_BYTES * spec.shape[0] // spec.nbytes)
        return [slice(start, start + rows) for start in range(0, spec.shape[0], rows)]

    def _groups(self, names: Iterable[str]) -> Iterator[list[str]]:
        group: list[str] = []
        size = 0
        for name in names:
            nbytes = self.specs[name].nbytes
            if group and size + nbytes > GROUP_BYTES:
                yield group
                group, size = [], 0
            group.append(name)
            size += nbytes
        if group:
            yield group


def open_tensor_file(path: Path) -> TensorFile:
    """The file at ``path``, its kind told by its suffix. Raises ``WeightsError`` if it is unusable."""
    return _Safetensors(path) if path.suffix == ".safetensors" else _Pickle(path)


class _Safetensors(TensorFile):
    """A safetensors file."""

    def _read_specs(self) -> dict[str, TensorSpec]:
        try:
            with self._opened() as file:
                kinds = {name: file.get_slice(name) for name in cast(list[str], file.keys())}
                return {
                    name: _spec(self.path, name, kind.get_shape(), FLOATS.get(kind.get_dtype()))
                    for name, kind in kinds.items()
                }
        except (OSError, SafetensorError) as error:
            raise _unreadable(self.path, error, expected="a complete safetensors file") from error

    @contextmanager
    def _mapped(self) -> Generator[Get]:
        try:
            with self._opened() as file:
                yield file.get_tensor
        except (OSError, SafetensorError) as error:
            raise _unreadable(self.path, error, expected="a complete safetensors file") from error

    def _opened(self) -> Any:
        return safe_open(self.path, framework="pt")


class _Pickle(TensorFile):
    """A PyTorch pickle, read without running anything in it."""

    def _read_specs(self) -> dict[str, TensorSpec]:
        self._can_be_mapped = self._starts_as_zip()
        return {
            name: _spec(
                self.path, name, tensor.shape, tensor.dtype if tensor.dtype in FLOATS.values() else None
            )
            for name, tensor in self._load().items()
        }

    @contextmanager
    def _mapped(self) -> Generator[Get]:
        yield self._load().__getitem__

    def _groups(self, names: Iterable[str]) -> Iterator[list[str]]:
        # Without mapping each opening reads the whole file: then once is enough.
        return super()._groups(names) if self._can_be_mapped else iter([list(names)])

    def _pieces(self, group: list[str]) -> Iterable[slice | EllipsisType]:
        return super()._pieces(group) if self._can_be_mapped else [...]

    def _starts_as_zip(self) -> bool:
        try:
            with self.path.open("rb") as file:
                return file.read(len(ZIP_START)) == ZIP_START
        except OSError as error:
            raise _unreadable(self.path, error, expected="a complete PyTorch file") from error

    def _load(self) -> dict[str, Tensor]:
        try:
            state: object = torch.load(
                self.path, map_location="cpu", weights_only=True, mmap=self._can_be_mapped
            )
        except pickle.UnpicklingError as error:
            raise _not_only_tensors(self.path, error) from error
        except Exception as error:  # torch raises whatever its many readers of broken bytes raise
            raise _unreadable(self.path, error, expected="a complete PyTorch file") from error
        return _named_tensors(self.path, state)


def _named_tensors(path: Path, state: object) -> dict[str, Tensor]:
    if isinstance(state, dict):
        named = cast(dict[object, object], state)
        stray = next((key for key, value in named.items() if not isinstance(value, Tensor)), None)
        if stray is None and all(isinstance(key, str) for key in named):
            return {str(key): cast(Tensor, value).detach() for key, value in named.items()}
        got = f"a dictionary with {type(named.get(stray)).__name__} at {stray!r}"
    else:
        got = type(state).__name__
    raise WeightsError(f"{path} holds no weights", got=got, expected="tensors by name, a state dict")


def _spec(path: Path, name: str, shape: Iterable[int], dtype: torch.dtype | None) -> TensorSpec:
    if dtype is None:
        raise WeightsError(
            f"{path}: {name} is no weight", got="another dtype", expected="float64, 32 or 16, or bfloat16"
        )
    return TensorSpec(shape=tuple(shape), dtype=dtype)


def _not_only_tensors(path: Path, error: Exception) -> WeightsError:
    """A pickle the restricted reader refuses: it names code, or its bytes are no pickle at all."""
    named = re.search(r"GLOBAL ([\w.]+)", str(error))
    if named is None:
        return _unreadable(path, error, expected="a complete PyTorch file")
    return WeightsError(
        f"{path} holds code beside its tensors, which is not run",
        got=named.group(1),
        expected="tensors alone",
        fix="get the weights from a source you trust, as safetensors",
    )


def _unreadable(path: Path, error: Exception, *, expected: str) -> WeightsError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    sentence = reason.strip().splitlines()[0] if reason.strip() else type(error).__name__
    return WeightsError(
        f"cannot read {path}", got=sentence[:160], expected=expected, fix="fetch or write the file again"
    )
