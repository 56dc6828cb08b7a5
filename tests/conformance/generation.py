"""Cached decoding as the fixtures were made: the best token of logits plus recorded noise."""

import torch
from case import Case
from torch import Tensor

from unio.model import Memory
from unio.schema import TargetModality

__all__ = ["generate_codes", "generate_text"]

NOISE = 0.2
TEXT_STEPS = 24
END_ID = 1
BANNED = 2
"""Ids below are never valid inside a picture or a sound."""


def generate_text(case: Case, memory: Memory) -> Tensor:
    """Ids of example 0, the begin token first, until the end token or 24 new tokens."""
    noise = _noise(case, TargetModality.TEXT, TEXT_STEPS)
    first = memory.select(torch.tensor([0]))
    cache = case.model.new_cache(TargetModality.TEXT, first, max_length=TEXT_STEPS)
    ids = [0]
    for step in range(TEXT_STEPS):
        logits = case.model.decode_step(torch.tensor([[ids[-1]]]), cache)
        ids.append(int((logits[0] + noise[step]).argmax()))
        if ids[-1] == END_ID:
            break
    return torch.tensor([ids])


def generate_codes(
    case: Case,
    modality: TargetModality,
    memory: Memory,
    *,
    unconditional: Memory | None = None,
    guidance: float = 0.0,
) -> Tensor:
    """Codes of example 0; ``unconditional`` guides on log-probabilities, both rows sharing the token."""
    steps = case.model.config.target_length(modality)
    noise = _noise(case, modality, steps)
    noise[:, :BANNED] = -torch.inf
    rows = memory.select(torch.tensor([0]))
    if unconditional is not None:
        rows = _join(rows, unconditional.select(torch.tensor([0])))
    cache = case.model.new_cache(modality, rows, max_length=steps)
    token = torch.zeros(len(rows.hidden), 1, dtype=torch.long)
    codes: list[int] = []
    for step in range(steps):
        scores = case.model.decode_step(token, cache)
        if unconditional is not None:
            conditional, free = scores.log_softmax(dim=-1)
            scores = ((1 + guidance) * conditional - guidance * free)[None]
        best = int((scores[0] + noise[step]).argmax())
        codes.append(best - BANNED)
        token.fill_(best)
    return torch.tensor([codes])


def _noise(case: Case, modality: TargetModality, steps: int) -> Tensor:
    return NOISE * case.array(f"noise_{modality.value}", (steps, case.model.config.vocab_rows(modality)))


def _join(first: Memory, second: Memory) -> Memory:
    return Memory(
        hidden=torch.cat([first.hidden, second.hidden]),
        mask=torch.cat([first.mask, second.mask]),
        rotary=torch.cat([first.rotary, second.rotary]),
    )
