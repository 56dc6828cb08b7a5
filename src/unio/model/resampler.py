"""The perceiver resampler: one history frame in, a few latents out (spec section 9)."""

from collections.abc import Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from unio.model.config import ResamplerConfig
from unio.nn.attention import Attention
from unio.nn.attention_pattern import AttentionPattern, Layout, SegmentPattern
from unio.nn.rms_norm import RMSNorm

__all__ = ["Resampler", "as_input"]


def as_input(features: Float[Tensor, "*shape"], projection: nn.Linear) -> Float[Tensor, "*shape"]:
    """An encoder's features, which are float32 whatever the trunk is, as a narrower projection takes them.

    A float32 projection takes any: under autocast, features in bfloat16 are not widened in vain.
    """
    dtype = projection.weight.dtype
    return features if dtype == torch.float32 else features.to(dtype)


class _ResamplerMLP(nn.Module):
    """Up, GELU, down, without biases."""

    def __init__(self, dim: int, *, mlp_dim: int, activation: Literal["gelu", "gelu_tanh"]) -> None:
        super().__init__()
        self.approximate = "tanh" if activation == "gelu_tanh" else "none"
        self.up = nn.Linear(dim, mlp_dim, bias=False)
        self.down = nn.Linear(mlp_dim, dim, bias=False)

    def forward(self, x: Float[Tensor, "batch latents dim"]) -> Float[Tensor, "batch latents dim"]:
        return self.down(F.gelu(self.up(x), approximate=self.approximate))


class _ResamplerLayer(nn.Module):
    """Cross-attention from latents to the context, then the MLP; both pre-norm on the latents."""

    def __init__(self, config: ResamplerConfig) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.dim)
        self.attention = Attention(
            config.dim, num_heads=config.num_heads, head_dim=config.head_dim, kind=config.attention
        )
        self.mlp_norm = RMSNorm(config.dim)
        self.mlp = _ResamplerMLP(config.dim, mlp_dim=config.mlp_dim, activation=config.activation)

    def forward(
        self,
        latents: Float[Tensor, "batch latents dim"],
        *,
        context: Float[Tensor, "batch patches dim"],
        mask: Bool[Tensor, "batch 1 1 patches"] | AttentionPattern,
    ) -> Float[Tensor, "batch latents dim"]:
        queries = self.attention.make_queries(self.attention_norm(latents))
        keys_values = self.attention.make_keys_values(context)
        latents = latents + self.attention.attend(queries, keys_values, mask=mask)
        return latents + self.mlp(self.mlp_norm(latents))


class Resampler(nn.Module):
    """Learned latents that read the patches of one frame. Latents are no keys; there is no rotary."""

    def __init__(self, config: ResamplerConfig, *, input_dim: int, num_latents: int, output_dim: int) -> None:
        super().__init__()
        self.latents = nn.Parameter(torch.zeros(num_latents, config.dim))
        self.input_projection = nn.Linear(input_dim, config.dim, bias=False)
        self.context_norm = RMSNorm(config.dim)
        self.layers = nn.ModuleList(_ResamplerLayer(config) for _ in range(config.num_layers))
        self.norm = RMSNorm(config.dim)
        self.output_projection = nn.Linear(config.dim, output_dim, bias=False)

    def forward(
        self,
        features: Float[Tensor, "batch patches input"],
        *,
        mask: Bool[Tensor, "batch patches"],
    ) -> Float[Tensor, "batch latents output"]:
        """The latents of each frame. Every frame must have at least one unmasked patch."""
        latents = self.latents.expand(len(features), -1, -1)
        return self._read(latents, features, mask=mask[:, None, None, :])

    def forward_packed(
        self, features: Float[Tensor, "patches input"], *, lengths: Sequence[int]
    ) -> Float[Tensor, "latents output"]:
        """The latents of frames that lie end to end, one frame after the other.

        ``lengths`` counts the patches of each frame, 1 or more.
        """
        count, each = len(lengths), len(self.latents)
        pattern = SegmentPattern(
            Layout.end_to_end([each] * count), Layout.end_to_end(lengths), device=features.device
        )
        latents = self.latents.repeat(count, 1)
        return self._read(latents[None], features[None], mask=pattern).squeeze(0)

    def _read(
        self,
        latents: Float[Tensor, "batch latents dim"],
        features: Float[Tensor, "batch patches input"],
        *,
        mask: Bool[Tensor, "batch 1 1 patches"] | AttentionPattern,
    ) -> Float[Tensor, "batch latents output"]:
        context = self.context_norm(self.input_projection(as_input(features, self.input_projection)))
        for layer in self.layers:
            latents = layer(latents, context=context, mask=mask)
        return self.output_projection(self.norm(latents))
