"""What one optimiser step is made of: precision, gradient norm, clipping, and skipping what is not finite."""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from unio.core import ConfigError
from unio.nn import has_bfloat16
from unio.train.sharding import whole

__all__ = [
    "PRECISION",
    "Precision",
    "Update",
    "apply_gradients",
    "autocast",
    "choose_device",
    "describe_products",
    "uses_bf16",
]

Precision = Literal["auto", "bf16", "float32"]
PRECISION = (
    "Precision of matrix products; auto is bf16 where the device has instructions for it, else float32."
)
"""What a setting of it says of itself."""


@dataclass(frozen=True, kw_only=True)
class Update:
    """What became of a gradient: its norm before clipping, and whether it was thrown away."""

    gradient_norm: float
    is_skipped: bool


def apply_gradients(
    optimiser: torch.optim.Optimizer,
    parameters: Sequence[Tensor],
    *,
    clip: float,
    is_welcome: Callable[[], bool] | None = None,
) -> Update:
    """Clip the gradient's global norm to ``clip`` and take the optimiser's step; gradients are freed.

    A gradient with an infinite or NaN entry changes nothing: one bad batch must not end a run. Nor does
    a finite one for which ``is_welcome`` says False. Sharded gradients are one gradient: every process
    gets the same norm and the same answer.
    """
    norm = float(whole(torch.nn.utils.clip_grad_norm_(parameters, clip)))
    is_taken = math.isfinite(norm) and (is_welcome is None or is_welcome())
    if is_taken:
        optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return Update(gradient_norm=norm, is_skipped=not is_taken)


def uses_bf16(precision: Precision, device: torch.device) -> bool:
    """Whether matrix products on ``device`` are in bf16."""
    return precision == "bf16" or (precision == "auto" and has_bfloat16(device))


def describe_products(precision: Precision, device: torch.device) -> str:
    """Which precision products are in, and why if it is not what one would expect, or slow."""
    if has_bfloat16(device):
        return "bf16" if precision == "auto" else precision
    if precision == "bf16":
        return "bf16, for which this device has no instructions: precision=auto is many times faster"
    return "float32" if precision == "float32" else "float32, as this device has no instructions for bf16"


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[Any]:
    """Matrix products in bf16, or everything in float32."""
    if not uses_bf16(precision, device):
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)


def choose_device(name: str, *, local_rank: int = 0) -> torch.device:
    """The device called ``name``; ``auto`` and ``cuda`` take this machine's GPU number ``local_rank``.

    ``auto`` is the CPU where there is no GPU. Raises ``ConfigError`` for a device that this machine does
    not have.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device("cuda", local_rank) if name == "cuda" else torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(
            "no such device", got=repr(name), expected="auto, cpu, or a GPU of this machine such as cuda"
        ) from error
    return device
