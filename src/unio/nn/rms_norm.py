"""Root-mean-square norm, computed in float32 whatever comes in (spec section 10)."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.nn.precision import at_least_float32

__all__ = ["RMSNorm"]


class RMSNorm(nn.Module):
    """``x * rsqrt(mean(x^2) + epsilon) * scale`` over the last axis; no mean is subtracted, no bias added."""

    def __init__(self, dim: int, *, epsilon: float = 1e-6) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(dim))
        self.epsilon = epsilon

    def forward(self, x: Float[Tensor, "*batch dim"]) -> Float[Tensor, "*batch dim"]:
        """The normalised ``x``, in the dtype it came in."""
        scale = at_least_float32(self.scale)
        normed = F.rms_norm(at_least_float32(x), scale.shape, scale, self.epsilon)
        return normed.to(x.dtype)
