"""The trunk's decoder: causal, with cross-attention in every layer (spec section 10).

Attention is plain causal, as released weights use it; the reference's sparse and dynamic masks were
never applied (spec section 13, 1). Training under paradigm [R] gives it a dynamic mask of our own making
(`unio.model.dynamic_mask`), and packed rows an attention pattern, both through ``self_mask``.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import cast

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch._dynamo.decorators import maybe_mark_dynamic

from unio.model.config import TrunkConfig
from unio.model.decoder_cache import DecoderCache
from unio.model.memory import Memory
from unio.nn.attention import Attention, KeysValues
from unio.nn.attention_pattern import AttentionPattern
from unio.nn.gated_mlp import GatedMLP
from unio.nn.placed_cache import PlacedCache, visible_keys
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
        write: Callable[[KeysValues], KeysValues],
        mask: Bool[Tensor, "#batch 1 steps keys"] | None,
        is_causal: bool,
        memory: KeysValues,
        memory_mask: Bool[Tensor, "batch 1 1 length"],
    ) -> Float[Tensor, "batch steps dim"]:
        """The next positions of each row; ``write`` stores their keys and values and returns all of them."""
        normed = self.self_attention_norm(x)
        queries = self.self_attention.make_queries(normed, rotary=rotary)
        keys_values = write(self.self_attention.make_keys_values(normed, rotary=rotary))
        x = x + self.self_attention.attend(queries, keys_values, mask=mask, is_causal=is_causal)
        return self._finish(x, rotary=rotary, memory=memory, memory_mask=memory_mask)

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


def _step_layer(
    layer: _DecoderLayer,
    x: Float[Tensor, "batch steps dim"],
    rotary: Float[Tensor, "batch steps 2 half"],
    keys: Float[Tensor, "batch heads room head_dim"],
    values: Float[Tensor, "batch heads room head_dim"],
    places: Int[Tensor, "batch steps"],
    mask: Bool[Tensor, "batch 1 steps room"],
    memory_keys: Float[Tensor, "batch heads length head_dim"],
    memory_values: Float[Tensor, "batch heads length head_dim"],
    memory_mask: Bool[Tensor, "batch 1 1 length"],
) -> Float[Tensor, "batch steps dim"]:
    """`_DecoderLayer.step` on tensors alone: the layer is the only object that compiled code must check."""
    return layer.step(
        x,
        rotary=rotary,
        write=PlacedCache(keys=keys, values=values, places=places).write,
        mask=mask,
        is_causal=False,
        memory=KeysValues(keys=memory_keys, values=memory_values),
        memory_mask=memory_mask,
    )


class Decoder(nn.Module):
    """Layers and a final norm."""

    def __init__(self, config: TrunkConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_DecoderLayer(config) for _ in range(config.decoder_layers))
        self.norm = RMSNorm(config.dim)
        self._layer_step = _step_layer

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
                hidden,
                rotary=rotary,
                write=partial(layer_cache.own.write, clock=cache.clock),
                mask=mask,
                is_causal=is_causal,
                memory=layer_cache.memory,
                memory_mask=cache.memory_mask,
            )
        cache.clock.advance(steps)
        return self.norm(hidden)

    def step_at(
        self,
        hidden: Float[Tensor, "batch steps dim"],
        *,
        places: Int[Tensor, "batch steps"],
        own: Sequence[KeysValues],
        cache: DecoderCache,
    ) -> Float[Tensor, "batch steps dim"]:
        """Run positions that a tensor names through all layers; the clock stays where it is.

        ``own`` are the first positions of each layer's cache, more than any of ``places``, and all that is
        read. Shapes do not depend on the positions, and nothing is asked of the host.
        """
        rotary, mask = cache.rotary[0, places], visible_keys(places, room=own[0].keys.shape[2])
        maybe_mark_dynamic(mask, 3)
        for layer, own_part, layer_cache in zip(self._layers(), own, cache.layers, strict=True):
            memory = layer_cache.memory
            hidden = self._layer_step(
                layer,
                hidden,
                rotary,
                own_part.keys,
                own_part.values,
                places,
                mask,
                memory.keys,
                memory.values,
                cache.memory_mask,
            )
        return self.norm(hidden)

    def compile_steps(self) -> None:
        """Have `step_at` run compiled code, made once for all layers when it is first called."""
        self._layer_step = torch.compile(  # pyright: ignore[reportUnknownMemberType]
            _step_layer, dynamic=False
        )

    @property
    def has_compiled_steps(self) -> bool:
        """Whether `compile_steps` was called."""
        return self._layer_step is not _step_layer

    def _layers(self) -> Iterable[_DecoderLayer]:
        return cast(Iterable[_DecoderLayer], self.layers)
