"""What an answer may be made of: the tokens allowed next, given those so far (spec section 14).

A grammar is asked at every step for the whole batch at once and answers with one mask, on the
device, without looking at a single token on the host.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from unio.core import InputError
from unio.vocab import VocabLayout

__all__ = [
    "FIRST_CODE_ID",
    "AllowedTokens",
    "Grammar",
    "LocationBias",
    "OneOf",
    "Template",
    "codes",
    "filled_form",
    "free_text",
    "location_bias",
    "locations_only",
    "on_device",
    "one_of",
]

FIRST_CODE_ID = 2
"""Ids of pictures and sounds: 0 begins, 1 is reserved, code + 2 (spec section 3)."""


class Grammar(Protocol):
    """Masks the next token of every row.

    ``ids`` are the tokens so far, without the begin token; the rows of a finished answer hold
    padding behind its end token, and what is allowed there does not matter.
    """

    def allowed(
        self, logits: Float[Tensor, "batch vocab"], ids: Int[Tensor, "batch steps"]
    ) -> Bool[Tensor, "rows vocab"]:
        """True where a token may come next; ``rows`` is batch, or 1 where all rows share the mask."""
        ...


@dataclass(frozen=True, eq=False)
class AllowedTokens:
    """The same tokens at every step."""

    tokens: Bool[Tensor, "1 vocab"]

    def allowed(
        self,
        logits: Float[Tensor, "batch vocab"],
        ids: Int[Tensor, "batch steps"],  # noqa: ARG002
    ) -> Bool[Tensor, "1 vocab"]:
        """The tokens given, whatever came before."""
        return self.tokens.to(logits.device)


@dataclass(frozen=True, eq=False)
class Template:
    """A row of slots, each with its own tokens, then the last slot's tokens for ever.

    Serves "exactly N locations" (N slots of locations, then the end token) and answers in which
    some words are forced and the locations between them free, as for keypoints.
    """

    slots: Bool[Tensor, "slots vocab"]

    def allowed(
        self, logits: Float[Tensor, "batch vocab"], ids: Int[Tensor, "batch steps"]
    ) -> Bool[Tensor, "1 vocab"]:
        """The tokens of the slot that comes next."""
        place = min(ids.shape[1], len(self.slots) - 1)
        return self.slots[place : place + 1].to(logits.device)


@dataclass(frozen=True, eq=False)
class LocationBias:
    """Words or locations, whichever hold more probability *together* (spec section 14).

    A thousand location tokens share their probability, so the single best token is often the end
    token although "some location" is far more likely. The kind is chosen first: a location exactly
    while the locations hold more than ``threshold``.
    """

    text: Bool[Tensor, "1 vocab"]
    locations: Bool[Tensor, "1 vocab"]
    threshold: float

    def allowed(
        self,
        logits: Float[Tensor, "batch vocab"],
        ids: Int[Tensor, "batch steps"],  # noqa: ARG002
    ) -> Bool[Tensor, "batch vocab"]:
        """All locations and nothing else, or everything but them."""
        text, locations = self.text.to(logits.device), self.locations.to(logits.device)
        probabilities = torch.softmax(logits.masked_fill(~text, float("-inf")), dim=-1)
        total = (probabilities * locations).sum(dim=-1, keepdim=True)
        return torch.where(total > self.threshold, locations, text & ~locations)


@dataclass(frozen=True, eq=False)
class OneOf:
    """One of several token sequences, each closed with the end token and then padded with 0.

    The prefix tree is never built: a choice is open while it agrees with the row so far, and the
    next tokens of the open choices are allowed.
    """

    choices: Int[Tensor, "choices length"]

    def allowed(
        self, logits: Float[Tensor, "batch vocab"], ids: Int[Tensor, "batch steps"]
    ) -> Bool[Tensor, "rows vocab"]:
        """The next tokens of the choices that begin with the row's ids; padding behind their end."""
        batch, steps = ids.shape
        choices = self.choices.to(logits.device)
        count, length = choices.shape
        if steps >= length:
            padding = torch.zeros(1, logits.shape[-1], dtype=torch.bool, device=logits.device)
            padding[:, VocabLayout.pad_id] = True
            return padding
        is_open = (ids[:, None, :] == choices[None, :, :steps]).all(dim=-1)
        following = choices[:, steps].expand(batch, count)
        votes = torch.zeros(logits.shape, dtype=torch.long, device=logits.device)
        return votes.scatter_add(1, following, is_open.long()) > 0


def on_device(grammar: Grammar, device: torch.device) -> Grammar:
    """The grammar with its tensors moved once, so that no step waits for them to come from the host."""
    if not isinstance(grammar, (AllowedTokens, Template, LocationBias, OneOf)):
        return grammar
    values = {field.name: getattr(grammar, field.name) for field in fields(grammar)}
    moved = {name: value.to(device) for name, value in values.items() if isinstance(value, Tensor)}
    return replace(grammar, **moved)


def free_text(layout: VocabLayout, *, vocab: int) -> AllowedTokens:
    """Any text: words, locations, sentinels and the end.

    Banned are padding, unknown, the pieces that only a prompt uses (names of media, prefixes) and
    the unused rows of a table with ``vocab`` rows.
    """
    tokens = torch.zeros(1, vocab, dtype=torch.bool)
    tokens[:, layout.end_id] = True
    tokens[:, layout.unknown_id + 1 : layout.sentinel_end] = True
    return AllowedTokens(tokens)


def codes(count: int, *, vocab: int) -> AllowedTokens:
    """Any of ``count`` codes: ids 0 and 1 and the rows beyond the codec's codes are banned."""
    if not 0 < count <= vocab - FIRST_CODE_ID:
        raise InputError(
            "codes do not fit the table", got=f"{count} codes", expected=f"1 to {vocab - FIRST_CODE_ID}"
        )
    tokens = torch.zeros(1, vocab, dtype=torch.bool)
    tokens[:, FIRST_CODE_ID : FIRST_CODE_ID + count] = True
    return AllowedTokens(tokens)


def locations_only(layout: VocabLayout, *, vocab: int, count: int | None = None) -> Grammar:
    """Location tokens: exactly ``count`` and then the end, or any number (the end whenever it likes)."""
    places = _mask(layout.location_start, layout.location_end, vocab=vocab)
    end = _mask(layout.end_id, layout.end_id + 1, vocab=vocab)
    if count is None:
        return AllowedTokens(places | end)
    return Template(torch.cat([places.expand(count, vocab), end]))


def filled_form(form_ids: Sequence[int], layout: VocabLayout, *, vocab: int) -> Template:
    """These tokens and then the end; in place of each location any location may come (spec section 14).

    Keypoints are asked for so: their names are forced, their locations free.
    """
    slots = torch.zeros(len(form_ids) + 1, vocab, dtype=torch.bool)
    for slot, token_id in zip(slots, form_ids, strict=False):
        if layout.location_start <= token_id < layout.location_end:
            slot[layout.location_start : layout.location_end] = True
        else:
            slot[token_id] = True
    slots[-1, layout.end_id] = True
    return Template(slots)


def location_bias(layout: VocabLayout, *, vocab: int, threshold: float) -> LocationBias:
    """Free text in which a location comes exactly while locations hold more than ``threshold``."""
    return LocationBias(
        text=free_text(layout, vocab=vocab).tokens,
        locations=_mask(layout.location_start, layout.location_end, vocab=vocab),
        threshold=threshold,
    )


def one_of(choices: Sequence[Sequence[int]], *, end_id: int = VocabLayout.end_id) -> OneOf:
    """One of these token sequences (without end tokens). Raises ``InputError`` if there is none."""
    if not choices:
        raise InputError("no choices", got="an empty list", expected="one choice or more")
    length = max(len(choice) for choice in choices) + 1
    padded = [[*choice, end_id] + [VocabLayout.pad_id] * (length - 1 - len(choice)) for choice in choices]
    return OneOf(torch.tensor(padded, dtype=torch.int64))


def _mask(start: int, end: int, *, vocab: int) -> Bool[Tensor, "1 vocab"]:
    """True from ``start`` to ``end`` - 1."""
    tokens = torch.arange(vocab)
    return ((tokens >= start) & (tokens < end)).unsqueeze(0)
