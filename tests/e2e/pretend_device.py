"""A second device in the machine's own memory, as strict as a GPU: what mixes it with the CPU fails.

For a machine without a GPU. A tensor "there" is a CPU tensor behind a wrapper that says it lies on the
device `NAME`, and every operation on it is done by the CPU. Results are therefore those of the CPU, but for
the last digits of attention, which takes its plain form there. What can be seen is what a GPU would refuse
(an operation on tensors of both places) and what would make it wait (`PretendDevice.reads`). Kernels,
graphs and speed of a real GPU cannot be tested so.

Importing this registers the device in the whole process: for scripts, not for tests.
"""

import traceback
from collections import Counter
from typing import Any

import torch
from torch import Tensor
from torch.utils import backend_registration
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map, tree_map_only

__all__ = ["NAME", "PretendDevice"]

NAME = "pretend"
aten = torch.ops.aten
MAY_MIX = {
    aten._to_copy.default,
    aten.copy_.default,
    aten.index.Tensor,
    aten.index_put.default,
    aten.index_put_.default,
    aten._index_put_impl_.default,
}
"""Operations that a GPU, too, allows on tensors of both places."""
READING = {aten._local_scalar_dense.default, aten.nonzero.default, aten.equal.default}
"""Operations whose result the CPU must wait for; so are copies to it."""


class _Module(backend_registration._DummyBackendModule):
    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.bfloat16]


class There(Tensor):
    """A tensor of the device; ``inner`` holds it."""

    @staticmethod
    def __new__(cls, inner: Tensor) -> "There":
        outer = Tensor._make_wrapper_subclass(
            cls,
            inner.shape,
            dtype=inner.dtype,
            device=torch.device(NAME, 0),
            strides=inner.stride(),
            storage_offset=inner.storage_offset(),
        )
        outer.inner = inner
        return outer

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        raise AssertionError(f"{func} outside a PretendDevice")


class PretendDevice(TorchDispatchMode):
    """Within it, the device is there.

    ``reads`` counts, by the line of unio's that asks, the values that had to be waited for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reads: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if torch._C._dispatch_has_kernel_for_dispatch_key(func.name(), "CompositeImplicitAutograd"):
            with self:
                done = func.decompose(*args, **kwargs)
            if done is not NotImplemented:
                return done
        tensors = [one for one in tree_leaves((args, kwargs)) if isinstance(one, Tensor)]
        there = [one for one in tensors if isinstance(one, There)]
        is_mixed = bool(there) and any(one.dim() for one in tensors if not isinstance(one, There))
        if is_mixed and func not in MAY_MIX:
            places = [(tuple(one.shape), str(one.device)) for one in tensors]
            raise RuntimeError(f"{func} of tensors of two devices: {places}")
        is_there = bool(there) if func is not aten.copy_.default else isinstance(args[0], There)
        if kwargs.get("device") is not None:
            is_there = torch.device(kwargs["device"]).type == NAME
            kwargs = {**kwargs, "device": "cpu"}
        if there and (func in READING or not is_there):
            self.reads[_asking_line()] += 1
        done = func(*tree_map(_inner, args), **tree_map(_inner, kwargs))
        # An operation in place gives back the tensor it was given.
        known = {id(one.inner): one for one in there}
        if not is_there:
            return done
        return tree_map_only(Tensor, lambda one: known[id(one)] if id(one) in known else There(one), done)


def _inner(value: Any) -> Any:
    return value.inner if isinstance(value, There) else value


def _asking_line() -> str:
    frames = [one for one in traceback.extract_stack() if "/unio/" in one.filename]
    return f"{frames[-1].filename.rpartition('/unio/')[2]} {frames[-1].name}" if frames else "elsewhere"


def _make_there(data: Any, *, device: Any = None, **options: Any) -> Tensor:
    """`torch.tensor`, which makes tensors of a device past every mode."""
    made = _make_here(data, **options)
    return made if device is None else made.to(device)


backend_registration._setup_privateuseone_for_python_backend(NAME, backend_module=_Module())
_make_here, torch.tensor = torch.tensor, _make_there
torch.inference_mode = torch.no_grad  # wrapped tensors have no place there
