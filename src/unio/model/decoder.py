"""The trunk's decoder: causal, with cross-attention in every layer (spec section 10).

Attention is plain causal, as released weights use it; the reference's sparse and dynamic masks were
never applied (spec section 13, 1). Training under paradigm [R] gives it a dynamic mask of our own making
(`unio.model.dynamic_mask`), and packed rows an attention pattern, both through ``self_mask``.
"""

from collections.abc import Iterable
from typing import cast

from jaxtyping import Bool, Float
from torch import Tensor, nn

from unio.model.config import TrunkConfig
from unio.model.decoder_cache import DecoderCache, LayerCache
from unio.model.memory import Memory
from unio.nn.attention import Attention, KeysValues
from unio.nn.attention_pattern import AttentionPattern
from unio.nn.gated_mlp import GatedMLP
from unio.nn.rms_norm import RMSNorm

__all__ = ["Decoder"]


class _DecoderLayer(nn.Module):
    """Pre-norm self-attention, cross-attention and MLP."""

    def __init__(self, config: TrunkConfig) -> None:
        super().__init__()
        self.self_attention_norm = RMSNorm(config.dim)
        self.self_attention = Attention(
            config.dim, num_heads=config.num_heads, head_dim=config.head_dim, kind=config.attention
        )
        self.cross_attention_norm = RMSNorm(config.dim)
        self.cross_attention = Attention(
            config.dim, num_heads=config.num_heads, head_dim=config.head_dim, kind=config.attention
        )
        self.mlp_norm = RMSNorm(config.dim)
        self.mlp = GatedMLP(config.dim, mlp_dim=config.mlp_dim)

    def forward(
        self,
        x: Float[Tensor, "batch length dim"],
        *,
        rotary: Float[Tensor, "#batch length 2 half"],
        memory: KeysValues,
        memory_mask: Bool[Tensor, "batch 1 1 keys"] | AttentionPattern,
        self_mask: Bool[Tensor, "batch 1 length length"] | AttentionPattern | None,
    ) -> Float[Tensor, "batch length dim"]:
        """Teacher forced. Padding needs no mask: it comes last, and no earlier position looks at it."""
        normed = self.self_attention_norm(x)
        queries = self.self_attention.make_queries(normed, rotary=rotary)
        keys_values = self.self_attention.make_keys_values(normed, rotary=rotary)
        x = x + self.self_attention.attend(queries, keys_values, mask=self_mask, is_causal=self_mask is None)
        return self._finish(x, rotary=rotary, memory=memory, memory_mask=memory_mask)

    def step(
        self,
        x: Float[Tensor, "batch steps dim"],
        *,
        rotary: Float[Tensor, "#batch steps 2 half"],
        cache: DecoderCache,
        layer_cache: LayerCache,
        mask: Bool[Tensor, "#batch 1 steps keys"] | None,
        is_causal: bool,
    ) -> Float[Tensor, "batch steps dim"]:
        """The next positions of each row, earlier ones read from the cache."""
        normed = self.self_attention_norm(x)
        queries = self.self_attention.make_queries(normed, rotary=rotary)
        new = self.self_attention.make_keys_values(normed, rotary=rotary)
        keys_values = layer_cache.own.write(new, clock=cache.clock)
        x = x + self.self_attention.attend(queries, keys_values, mask=mask, is_causal=is_causal)
        return self._finish(x, rotary=rotary, memory=layer_cache.memory, memory_mask=cache.memory_mask)

    def _finish(
        self,
        x: Float[Tensor, "batch length dim"],
        *,
        rotary: Float[Tensor, "#batch length 2 half"],
        memory: KeysValues,
        memory_mask: Bool[Tensor, "batch 1 1 keys"] | AttentionPattern,
    ) -> Float[Tensor, "batch length dim"]:
        queries = self.cross_attention.make_queries(self.cross_attention_norm(x), rotary=rotary)
        x = x + self.cross_attention.attend(queries, memory, mask=memory_mask)
        return x + self.mlp(self.mlp_norm(x))


class Decoder(nn.Module):
    """Layers and a final norm."""

    def __init__(self, config: TrunkConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_DecoderLayer(config) for _ in range(config.decoder_layers))
        self.norm = RMSNorm(config.dim)

    def forward(
        self,
        hidden: Float[Tensor, "batch length dim"],
        *,
        rotary: Float[Tensor, "#batch length 2 half"],
        memory: Float[Tensor, "batch keys dim"],
        memory_mask: Bool[Tensor, "batch keys"] | AttentionPattern,
        memory_rotary: Float[Tensor, "batch keys 2 half"],
        self_mask: Bool[Tensor, "batch 1 length length"] | AttentionPattern | None = None,
    ) -> Float[Tensor, "batch length dim"]:
        """Hidden states that predict the token of each position, teacher forced.

        ``self_mask`` stands for plain causality where given; it is causal itself.
        """
        mask = memory_mask if isinstance(memory_mask, AttentionPattern) else memory_mask[:, None, None, :]
        for layer in self._layers():
            keys_values = layer.cross_attention.make_keys_values(memory, rotary=memory_rotary)
            hidden = layer(hidden, rotary=rotary, memory=keys_values, memory_mask=mask, self_mask=self_mask)
        return self.norm(hidden)

    def memory_keys_values(self, memory: Memory) -> list[KeysValues]:
        """Keys and values of the encoder's output for every layer: made once a request."""
        return [
            layer.cross_attention.make_keys_values(memory.hidden, rotary=memory.rotary)
            for layer in self._layers()
        ]

    def step(
        self,
        hidden: Float[Tensor, "batch steps dim"],
        *,
        rotary: Float[Tensor, "#batch steps 2 half"],
        cache: DecoderCache,
    ) -> Float[Tensor, "batch steps dim"]:
        """Run the next positions through all layers and move the cache's clock past them."""
        steps = hidden.shape[1]
        is_causal = cache.clock.filled == 0 and steps > 1  # nothing before: the kernel's own form will do
        mask = None if is_causal else cache.clock.mask(steps)
        for layer, layer_cache in zip(self._layers(), cache.layers, strict=True):
            hidden = layer.step(
                hidden, rotary=rotary, cache=cache, layer_cache=layer_cache, mask=mask, is_causal=is_causal
            )
        cache.clock.advance(steps)
        return self.norm(hidden)

    def _layers(self) -> Iterable[_DecoderLayer]:
        return cast(Iterable[_DecoderLayer], self.layers)
