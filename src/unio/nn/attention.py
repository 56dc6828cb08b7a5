"""Attention of the trunk and of the resampler (spec sections 9 and 10).

Queries, keys and values are made by separate methods, so that a decoder can keep keys and values
in a cache and a stack can share what does not change between calls.
"""

import math
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from unio.nn.attention_pattern import AttentionPattern
from unio.nn.linear import Linear
from unio.nn.precision import at_least_float32, product_dtype
from unio.nn.rms_norm import RMSNorm
from unio.nn.rotary import rotate

__all__ = ["Attention", "AttentionKind", "KeysValues"]

AttentionKind = Literal["query_key_norm", "scaled_cosine", "plain"]
"""How logits are formed; see `Attention`."""

LARGEST_LOG_SCALE = math.log(100.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class KeysValues:
    """What queries attend to: keys (normed and turned) and values, each (batch, heads, length, head_dim)."""

    keys: Float[Tensor, "batch heads length head_dim"]
    values: Float[Tensor, "batch heads length head_dim"]


class Attention(nn.Module):
    """Multi-head attention without biases.

    ==================  ===========================================================================
    kind                logits
    ==================  ===========================================================================
    ``query_key_norm``  RMS norm of q and k over head_dim (scale shared by the heads), rotary, then
                        ``q . k / sqrt(head_dim)``
    ``scaled_cosine``   q and k L2-normalised, ``q . k * exp(min(s, log 100))``, s learned per head
    ``plain``           ``q . k / sqrt(head_dim)``
    ==================  ===========================================================================
    """

    def __init__(self, dim: int, *, num_heads: int, head_dim: int, kind: AttentionKind) -> None:
        super().__init__()
        inner_dim = num_heads * head_dim
        self.num_heads = num_heads
        self.head_dim = head_dim
        self.kind: AttentionKind = kind
        self.query = Linear(dim, inner_dim)
        self.key = Linear(dim, inner_dim)
        self.value = Linear(dim, inner_dim)
        self.out = Linear(inner_dim, dim)
        if kind == "query_key_norm":
            self.query_norm = RMSNorm(head_dim)
            self.key_norm = RMSNorm(head_dim)
        elif kind == "scaled_cosine":
            self.logit_scale = nn.Parameter(torch.full((num_heads,), math.log(10.0)))

    def make_queries(
        self,
        x: Float[Tensor, "batch length dim"],
        *,
        rotary: Float[Tensor, "#batch length 2 half"] | None = None,
    ) -> Float[Tensor, "batch heads length head_dim"]:
        """Queries, normed, turned by ``rotary`` where given, and scaled where the kind says so."""
        queries = self._split_heads(self.query(x))
        if self.kind == "query_key_norm":
            queries = self.query_norm(queries)
        elif self.kind == "scaled_cosine":
            factor = at_least_float32(self.logit_scale).clamp(max=LARGEST_LOG_SCALE).exp()
            unit = F.normalize(at_least_float32(queries), dim=-1)
            queries = (unit * factor[:, None, None]).to(queries.dtype)
        return queries if rotary is None else rotate(queries, rotary)

    def make_keys_values(
        self,
        context: Float[Tensor, "batch length dim"],
        *,
        rotary: Float[Tensor, "#batch length 2 half"] | None = None,
    ) -> KeysValues:
        """Keys and values of ``context``; keys are normed and turned by ``rotary`` where given."""
        keys = self._split_heads(self.key(context))
        if self.kind == "query_key_norm":
            keys = self.key_norm(keys)
        elif self.kind == "scaled_cosine":
            keys = F.normalize(at_least_float32(keys), dim=-1).to(keys.dtype)
        if rotary is not None:
            keys = rotate(keys, rotary)
        return KeysValues(keys=keys, values=self._split_heads(self.value(context)))

    def attend(
        self,
        queries: Float[Tensor, "batch heads length head_dim"],
        context: KeysValues,
        *,
        mask: Bool[Tensor, "#batch 1 #length keys"] | AttentionPattern | None = None,
        is_causal: bool = False,
    ) -> Float[Tensor, "batch length dim"]:
        """Attention and the output matrix.

        ``mask`` is True where a query may look; a padding mask of shape (batch, 1, 1, keys) is
        enough and is never spread over the queries. Every query must see at least one key. A pattern,
        which rows shared by several examples have, stands for mask and causality both.
        """
        keys, values = context.keys, context.values
        dtype, is_cpu = queries.dtype, queries.device.type == "cpu"
        if (is_cpu and torch.is_grad_enabled()) or product_dtype(queries) is not dtype:
            # The CPU kernel's backward pass takes half the time in float32 that it takes in bfloat16; on
            # a processor without bfloat16 the forward pass gains too.
            queries, keys, values = (at_least_float32(one) for one in (queries, keys, values))
        scale = 1.0 if self.kind == "scaled_cosine" else self.head_dim**-0.5
        with torch.autocast(queries.device.type, enabled=False):
            if isinstance(mask, AttentionPattern):
                attended = mask.attend(queries, keys, values, scale=scale)
            elif not is_causal and _is_lone_query(queries):
                attended = _attend_lone(queries, keys, values, mask=mask, scale=scale)
            else:
                attended = F.scaled_dot_product_attention(
                    queries, keys, values, attn_mask=mask, is_causal=is_causal, scale=scale
                )
        return self.out(attended.transpose(1, 2).flatten(2).to(dtype))

    def _split_heads(
        self, x: Float[Tensor, "batch length inner"]
    ) -> Float[Tensor, "batch heads length head_dim"]:
        return x.view(*x.shape[:-1], self.num_heads, self.head_dim).transpose(1, 2)


def _is_lone_query(queries: Tensor) -> bool:
    """One position a row on a CPU, where torch's kernel for it takes two to four times what products take.

    In uncompiled float32 both take the same.
    """
    is_cpu = queries.device.type == "cpu" and not torch.is_grad_enabled()
    is_slow = queries.dtype in (torch.bfloat16, torch.float16) or torch.compiler.is_compiling()
    return is_cpu and is_slow and queries.shape[2] == 1


def _attend_lone(
    queries: Float[Tensor, "batch heads 1 head_dim"],
    keys: Float[Tensor, "batch heads length head_dim"],
    values: Float[Tensor, "batch heads length head_dim"],
    *,
    mask: Bool[Tensor, "#batch 1 1 length"] | None,
    scale: float,
) -> Float[Tensor, "batch heads 1 head_dim"]:
    """Attention as two products with a softmax in float32 between them."""
    logits = at_least_float32(torch.matmul(queries, keys.transpose(-1, -2))) * scale
    if mask is not None:
        logits = logits.masked_fill(~mask, -torch.inf)
    return torch.matmul(logits.softmax(dim=-1).to(values.dtype), values)
