"""The pre-LayerNorm transformer block of the ViT, the AST and the ViT-VQGAN (spec sections 7 and 11).

The trunk's blocks differ (RMS norm, rotary, gated MLP) and live elsewhere; these three stacks differ
from one another only by sizes, biases, activation and epsilon, so they share this one block.
"""

from typing import Literal

import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from unio.nn.attention_pattern import AttentionPattern

__all__ = ["Activation", "PreNormBlock"]

Activation = Literal["gelu", "gelu_tanh", "relu"]
"""``gelu`` is the exact form, ``gelu_tanh`` its tanh approximation."""


def _activate(x: Float[Tensor, "*shape"], activation: Activation) -> Float[Tensor, "*shape"]:
    match activation:
        case "gelu":
            return F.gelu(x)
        case "gelu_tanh":
            return F.gelu(x, approximate="tanh")
        case "relu":
            return F.relu(x)


class _Attention(nn.Module):
    """Bidirectional multi-head attention whose logits are scaled by ``head_dim ** -0.5``."""

    def __init__(self, dim: int, *, num_heads: int, head_dim: int, bias: bool) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = head_dim
        inner_dim = num_heads * head_dim
        self.query = nn.Linear(dim, inner_dim, bias=bias)
        self.key = nn.Linear(dim, inner_dim, bias=bias)
        self.value = nn.Linear(dim, inner_dim, bias=bias)
        self.out = nn.Linear(inner_dim, dim, bias=bias)

    def _split_heads(
        self, x: Float[Tensor, "batch length inner"]
    ) -> Float[Tensor, "batch heads length head_dim"]:
        return x.view(*x.shape[:2], self.num_heads, self.head_dim).transpose(1, 2)

    def forward(
        self,
        x: Float[Tensor, "batch length dim"],
        *,
        key_mask: Bool[Tensor, "batch length"] | AttentionPattern | None,
    ) -> Float[Tensor, "batch length dim"]:
        queries, keys, values = (self._split_heads(part(x)) for part in (self.query, self.key, self.value))
        scale = self.head_dim**-0.5
        if isinstance(key_mask, AttentionPattern):
            attended = key_mask.attend(queries, keys, values, scale=scale)
        else:
            mask = None if key_mask is None else key_mask[:, None, None, :]
            attended = F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask, scale=scale)
        return self.out(attended.transpose(1, 2).flatten(2))


class _MLP(nn.Module):
    """Up, activation, down."""

    def __init__(self, dim: int, *, mlp_dim: int, activation: Activation, bias: bool) -> None:
        super().__init__()
        self.activation: Activation = activation
        self.up = nn.Linear(dim, mlp_dim, bias=bias)
        self.down = nn.Linear(mlp_dim, dim, bias=bias)

    def forward(self, x: Float[Tensor, "batch length dim"]) -> Float[Tensor, "batch length dim"]:
        return self.down(_activate(self.up(x), self.activation))


class PreNormBlock(nn.Module):
    """``x + attention(norm_1(x))``, then ``x + mlp(norm_2(x))``.

    ``attention_bias`` covers the four attention matrices, ``mlp_bias`` the two of the MLP.
    ``num_heads * head_dim`` need not equal ``dim``.
    """

    def __init__(
        self,
        dim: int,
        *,
        num_heads: int,
        head_dim: int,
        mlp_dim: int,
        activation: Activation,
        attention_bias: bool,
        mlp_bias: bool,
        norm_epsilon: float,
    ) -> None:
        super().__init__()
        self.norm_1 = nn.LayerNorm(dim, eps=norm_epsilon)
        self.attention = _Attention(dim, num_heads=num_heads, head_dim=head_dim, bias=attention_bias)
        self.norm_2 = nn.LayerNorm(dim, eps=norm_epsilon)
        self.mlp = _MLP(dim, mlp_dim=mlp_dim, activation=activation, bias=mlp_bias)

    def forward(
        self,
        x: Float[Tensor, "batch length dim"],
        *,
        key_mask: Bool[Tensor, "batch length"] | AttentionPattern | None = None,
    ) -> Float[Tensor, "batch length dim"]:
        """The block's output, same shape as ``x``.

        ``key_mask`` is True where a position may be attended to. Only keys are masked: a masked position
        still gets an output, which the caller ignores. At least one key of each example must be open.
        A pattern stands for the mask where frames of all sizes lie end to end in one row.
        """
        x = x + self.attention(self.norm_1(x), key_mask=key_mask)
        return x + self.mlp(self.norm_2(x))
