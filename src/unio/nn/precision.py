"""At least float32 where arithmetic must not be narrower; bfloat16 only where a device multiplies in it."""

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["at_least_float32", "has_bfloat16", "product_dtype"]

CPU_HAS_BFLOAT16: bool = torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
"""Whether oneDNN multiplies bfloat16 on this processor, by its own test. Where not, torch's products of many
rows take some five times as long as in float32 (``benchmarks/prompt.py``), and training more."""


def at_least_float32(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """``x`` in float32, or as it is if it is float64, so that a model in float64 is exact throughout."""
    return x if x.dtype == torch.float64 else x.float()


def has_bfloat16(device: torch.device) -> bool:
    """Whether products in bfloat16 are worth while there: processor or GPU has instructions for them."""
    if device.type == "cpu":
        return CPU_HAS_BFLOAT16
    return device.type != "cuda" or torch.cuda.is_bf16_supported(including_emulation=False)


def product_dtype(x: Float[Tensor, "*shape"]) -> torch.dtype:
    """What many rows like ``x`` are best multiplied in: their dtype, or float32 on a CPU without bfloat16."""
    is_slow = x.dtype is torch.bfloat16 and x.device.type == "cpu" and not CPU_HAS_BFLOAT16
    return torch.float32 if is_slow else x.dtype
