"""What one optimiser step is made of: precision, gradient norm, clipping, and skipping what is not finite."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from unio.core import ConfigError

__all__ = ["Precision", "Update", "apply_gradients", "autocast", "choose_device"]

Precision = Literal["bf16", "float32"]


@dataclass(frozen=True, kw_only=True)
class Update:
    """What became of a gradient: its norm before clipping, and whether it was thrown away."""

    gradient_norm: float
    is_skipped: bool


def apply_gradients(optimiser: torch.optim.Optimizer, parameters: Sequence[Tensor], *, clip: float) -> Update:
    """Clip the gradient's global norm to ``clip`` and take the optimiser's step; gradients are freed.

    A gradient with an infinite or NaN entry changes nothing: one bad batch must not end a run.
    """
    norm = float(torch.nn.utils.clip_grad_norm_(parameters, clip))
    is_finite = norm == norm and norm != float("inf")
    if is_finite:
        optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return Update(gradient_norm=norm, is_skipped=not is_finite)


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[Any]:
    """Matrix products in bf16, or everything in float32."""
    if precision == "float32":
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)


def choose_device(name: str) -> torch.device:
    """The device called ``name``; ``auto`` takes the GPU if there is one.

    Raises ``ConfigError`` for a device that this machine does not have.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(
            "no such device", got=repr(name), expected="auto, cpu, or a GPU of this machine such as cuda"
        ) from error
    return device
