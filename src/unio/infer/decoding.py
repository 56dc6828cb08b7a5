"""`decode`: token by token, under a grammar, with caches (spec section 14).

The encoder has run once; its keys and values are made once by ``new_cache``. Every step feeds one
token a row, so a batch of requests costs little more than one request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import torch
from jaxtyping import Float, Int
from torch import Tensor

from unio.core import InputError
from unio.infer.grammar import Grammar, on_device
from unio.infer.sampling import forbid, guide, request_keys, sample, token_log_probability
from unio.model import DecoderCache, Memory, StepRunner, UnifiedIO
from unio.schema import DecodingOptions, TargetModality
from unio.vocab import VocabLayout

__all__ = ["Chooser", "Decoded", "SeededSampler", "decode", "pairs"]

STEPS_BETWEEN_END_CHECKS = 8
"""Asking whether all rows have ended waits for the device; asking seldom wastes a few steps at most."""


class Chooser(Protocol):
    """Chooses the next token of every row from masked logits."""

    def __call__(self, logits: Float[Tensor, "batch vocab"], *, step: int) -> Int[Tensor, " batch"]:
        """One id a row; banned tokens are at minus infinity."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class SeededSampler:
    """Samples as the options say, each row from its own seed; a row's batch-mates never matter."""

    options: DecodingOptions
    keys: Int[Tensor, "batch 2"]

    @classmethod
    def of(cls, options: list[DecodingOptions], *, device: torch.device | str = "cpu") -> "SeededSampler":
        """A sampler for requests whose options differ in nothing but the seed."""
        return cls(options=options[0], keys=request_keys([one.seed for one in options], device))

    def __call__(self, logits: Float[Tensor, "batch vocab"], *, step: int) -> Int[Tensor, " batch"]:
        """One sample a row."""
        return sample(
            logits,
            self.keys,
            step=step,
            temperature=self.options.temperature,
            top_k=self.options.top_k,
            top_p=self.options.top_p,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Decoded:
    """Tokens of every row, and how probable the model itself found them.

    ``ids`` leave out the begin token; a text has its end token (unless it ran out of room) and then
    padding. ``log_probability`` is the mean over a row's tokens, under the conditional distribution
    before grammar, temperature and guidance. ``vectors`` take the place of the codes' own where a
    picture or sound is made of something between codes.
    """

    ids: Int[Tensor, "batch length"]
    log_probability: Float[Tensor, " batch"]
    vectors: Float[Tensor, "batch length code_dim"] | None = None


@torch.inference_mode()
def decode(
    model: UnifiedIO,
    modality: TargetModality,
    memory: Memory,
    *,
    length: int,
    grammar: Grammar,
    choose: Chooser,
    guidance: float = 0.0,
) -> Decoded:
    """Decode every row of ``memory``: texts until their end, at most ``length``; media exactly ``length``.

    With ``guidance`` a > 0 the memory holds the conditional rows and behind them, in the same order,
    as many unconditional ones; both rows of a pair are fed the token sampled for the pair::

        memory  [red ball, blue box, random picture, random picture]    ids  2 rows
    """
    is_guided = guidance > 0
    batch = pairs(memory) if is_guided else len(memory.hidden)
    device = memory.hidden.device
    can_end = modality is TargetModality.TEXT
    feed = _feeder(model, model.new_cache(modality, memory, max_length=length))
    grammar = on_device(grammar, device)
    ids = torch.zeros(batch, length, dtype=torch.long, device=device)
    token = torch.zeros(batch, dtype=torch.long, device=device)
    total = torch.zeros(batch, device=device)
    is_finished = torch.zeros(batch, dtype=torch.bool, device=device)
    steps = 0
    for step in range(length):
        fed = torch.cat([token, token]) if is_guided else token
        conditional = logits = feed(fed.unsqueeze(1))
        if is_guided:
            conditional, unconditional = logits.chunk(2)
            logits = guide(conditional, unconditional, guidance=guidance)
        allowed = grammar.allowed(logits, ids[:, :step])
        token = choose(forbid(logits, allowed), step=step)
        total += token_log_probability(conditional, token).masked_fill(is_finished, 0.0)
        steps = step + 1
        if can_end:
            token = token.masked_fill(is_finished, VocabLayout.pad_id)
            is_finished = is_finished | (token == VocabLayout.end_id)
        ids[:, step] = token
        if can_end and steps % STEPS_BETWEEN_END_CHECKS == 0 and bool(is_finished.all()):
            break
    ids = ids[:, :steps]
    counts = (ids != VocabLayout.pad_id).sum(dim=1).clamp(min=1)
    return Decoded(ids=ids, log_probability=total / counts)


def _feeder(model: UnifiedIO, cache: DecoderCache) -> Callable[[Tensor], Tensor]:
    """Feeds one token a row and returns the logits of the next."""
    if not model.decoder.has_compiled_steps:
        return partial(model.decode_step, cache=cache)
    run = StepRunner(model, cache)
    return lambda ids: run(ids)[:, -1]


def pairs(memory: Memory) -> int:
    """How many (conditional, unconditional) pairs a doubled batch holds."""
    rows = len(memory.hidden)
    if rows % 2:
        raise InputError(
            "guidance needs an unconditional row for every request",
            got=f"{rows} rows",
            expected="an even number: conditional rows, then unconditional ones",
        )
    return rows // 2
