"""Choosing the next token: temperature, top-k, top-p, guidance, repeatable noise (spec section 14).

Pure functions on float32 logits of shape (batch, vocab). Sampling adds Gumbel noise and takes the
best token, which draws from the softmax. The noise is a hash of (seed, step, token) and of nothing
else, so a request gets the same answer alone, in a batch, and on any device.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

__all__ = [
    "forbid",
    "guide",
    "gumbel_noise",
    "keep_top_k",
    "keep_top_p",
    "limit",
    "request_keys",
    "sample",
    "token_log_probability",
    "unit_noise",
]

_WORD = 0xFFFFFFFF
_UNIT_BITS = 23  # (2^23 - 1 + 0.5) / 2^23 is the last step of this size that float32 keeps below 1


def forbid(
    logits: Float[Tensor, "batch vocab"], allowed: Bool[Tensor, "rows vocab"]
) -> Float[Tensor, "batch vocab"]:
    """The logits with every token that is not allowed at minus infinity; ``rows`` is 1 or batch."""
    return logits.masked_fill(~allowed, float("-inf"))


def guide(
    conditional: Float[Tensor, "batch vocab"],
    unconditional: Float[Tensor, "batch vocab"],
    *,
    guidance: float,
) -> Float[Tensor, "batch vocab"]:
    """Classifier-free guidance: (1 + a) log p(conditional) - a log p(unconditional), unnormalised."""
    wanted = torch.log_softmax(conditional, dim=-1)
    unwanted = torch.log_softmax(unconditional, dim=-1)
    return (1 + guidance) * wanted - guidance * unwanted


def keep_top_k(logits: Float[Tensor, "batch vocab"], count: int) -> Float[Tensor, "batch vocab"]:
    """The ``count`` best logits of each row (more on a tie at the edge), the others minus infinity."""
    if count >= logits.shape[-1]:
        return logits
    edge = torch.topk(logits, count, dim=-1).values[:, -1:]
    return logits.masked_fill(logits < edge, float("-inf"))


def keep_top_p(logits: Float[Tensor, "batch vocab"], mass: float) -> Float[Tensor, "batch vocab"]:
    """The fewest best logits of each row whose probabilities sum to ``mass`` or more.

    Example::

        probabilities  0.5  0.3  0.2
        mass 0.5       kept
        mass 0.6       kept kept
    """
    if mass >= 1:
        return logits
    ordered = _descending(logits)
    probabilities = torch.softmax(ordered, dim=-1)
    before = probabilities.cumsum(dim=-1) - probabilities
    # The best token has nothing before it: it stays even when rounding makes the mass tiny.
    last = ((before < mass).sum(dim=-1, keepdim=True) - 1).clamp(min=0)
    edge = ordered.gather(-1, last)
    # Of equal logits at the edge the first are kept, as many as there is room for.
    room = last + 1 - (ordered > edge).sum(dim=-1, keepdim=True)
    tied = logits == edge
    kept = (logits > edge) | (tied & (tied.cumsum(dim=-1) <= room))
    return logits.masked_fill(~kept, float("-inf"))


def _descending(logits: Float[Tensor, "batch vocab"]) -> Float[Tensor, "batch vocab"]:
    """Each row's values, the largest first; numpy sorts them many times faster than torch on a CPU."""
    if logits.device.type != "cpu" or logits.dtype is not torch.float32:
        return torch.sort(logits, dim=-1, descending=True).values
    return torch.as_tensor(-np.sort(-logits.detach().numpy(), axis=-1))


def limit(
    logits: Float[Tensor, "batch vocab"], *, temperature: float, top_k: int | None, top_p: float
) -> Float[Tensor, "batch vocab"]:
    """Scores whose softmax is drawn from: temperature (above 0) first, then top-k, then top-p."""
    scores = logits / temperature
    if top_k is not None:
        scores = keep_top_k(scores, top_k)
    return keep_top_p(scores, top_p)


def request_keys(seeds: Sequence[int], device: torch.device | str = "cpu") -> Int[Tensor, "batch 2"]:
    """The 64 low bits of each request's seed as two 32-bit words."""
    words = [[seed & _WORD, (seed >> 32) & _WORD] for seed in seeds]
    return torch.tensor(words, dtype=torch.int64, device=device).reshape(-1, 2)


def unit_noise(keys: Int[Tensor, "batch 2"], *, step: int, count: int) -> Float[Tensor, "batch count"]:
    """Uniform noise in (0, 1) that depends on (key, step, place in the row) alone.

    A counter-based hash takes the place of a stateful generator, whose draws would shift with the
    number of rows beside a request.
    """
    places = torch.arange(count, dtype=torch.int64, device=keys.device)
    low, high = keys[:, :1], keys[:, 1:]
    stream = _scramble(_scramble(low ^ 0x5BD1E995) ^ high)
    stream = _scramble(stream ^ (step & _WORD))
    # Two rounds: with one, two streams could be shifted copies of each other.
    bits = _scramble(_scramble(stream + places * 0x9E3779B1) ^ stream)
    return ((bits >> (32 - _UNIT_BITS)).float() + 0.5) / 2**_UNIT_BITS


def gumbel_noise(keys: Int[Tensor, "batch 2"], *, step: int, vocab: int) -> Float[Tensor, "batch vocab"]:
    """Standard Gumbel noise that depends on (key, step, token) alone; see `unit_noise`."""
    return -torch.log(-torch.log(unit_noise(keys, step=step, count=vocab)))


def _scramble(words: Int[Tensor, "*shape"]) -> Int[Tensor, "*shape"]:
    """A bijection of 32-bit words in which every input bit moves about half of the output bits.

    Words live in int64. A product may wrap at 64 bits; its low 32 are right all the same.
    """
    words = words & _WORD
    words = ((words ^ (words >> 16)) * 0x7FEB352D) & _WORD
    words = ((words ^ (words >> 15)) * 0x846CA68B) & _WORD
    return words ^ (words >> 16)


def sample(
    logits: Float[Tensor, "batch vocab"],
    keys: Int[Tensor, "batch 2"],
    *,
    step: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> Int[Tensor, " batch"]:
    """One token a row from `limit`'s scores. Temperature 0 takes the best."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    scores = limit(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    return (scores + gumbel_noise(keys, step=step, vocab=logits.shape[-1])).argmax(dim=-1)


def token_log_probability(
    logits: Float[Tensor, "*shape vocab"], ids: Int[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """Natural logarithm of the softmax at each id."""
    chosen = logits.gather(-1, ids.unsqueeze(-1)).squeeze(-1)
    return chosen - torch.logsumexp(logits, dim=-1)
