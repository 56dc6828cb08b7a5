"""The trunk's gated MLP (spec section 10)."""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.nn.linear import Linear

__all__ = ["GatedMLP"]


class GatedMLP(nn.Module):
    """``down(silu(gate(x)) * up(x))``, without biases."""

    def __init__(self, dim: int, *, mlp_dim: int) -> None:
        super().__init__()
        self.gate = Linear(dim, mlp_dim)
        self.up = Linear(dim, mlp_dim)
        self.down = Linear(mlp_dim, dim)

    def forward(self, x: Float[Tensor, "*batch dim"]) -> Float[Tensor, "*batch dim"]:
        """Same shape as ``x``."""
        return self.down(F.silu(self.gate(x)) * self.up(x))
