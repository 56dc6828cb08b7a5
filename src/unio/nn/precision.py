"""At least float32: where arithmetic must not be narrower, and need not narrow what is wider."""

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["at_least_float32"]


def at_least_float32(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """``x`` in float32, or as it is if it is float64, so that a model in float64 is exact throughout."""
    return x if x.dtype == torch.float64 else x.float()
