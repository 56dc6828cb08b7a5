"""Span corruption of token ids (T5, arXiv 1910.10683, section 3.1.4; UL2, arXiv 2205.05131, section 3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from unio.data.denoise.config import SpanSetting
from unio.vocab import VocabLayout

__all__ = ["MOST_SPANS", "HiddenSpans", "count_spans", "hide_spans", "span_mask"]

MOST_SPANS = 200
"""Span sentinels of the vocabulary (spec section 3)."""


@dataclass(frozen=True, kw_only=True)
class HiddenSpans:
    """A text with spans taken out (``inputs``), and the spans (``targets``), each behind its sentinel."""

    inputs: tuple[int, ...]
    targets: tuple[int, ...]


def count_spans(length: int, setting: SpanSetting) -> tuple[int, int]:
    """(hidden tokens, spans) of a text of ``length`` tokens, at least 2: some of it is hidden, not all."""
    hidden = min(max(round(length * setting.density), 1), length - 1)
    spans = max(round(hidden / setting.mean_length), 1)
    # Each span hides a token at least, and an open token at least stands before each.
    return hidden, min(spans, hidden, length - hidden, MOST_SPANS)


def span_mask(length: int, setting: SpanSetting, rng: np.random.Generator) -> Bool[np.ndarray, " length"]:
    """True at the tokens that are hidden: open and hidden stretches of random lengths in turn.

    Exactly the number of tokens the setting's share makes is hidden. Example, 8 tokens, 2 spans::

        0 0 1 1 0 0 0 1
    """
    hidden, spans = count_spans(length, setting)
    stretches = np.empty(2 * spans, dtype=np.int64)
    stretches[0::2] = _parts(length - hidden, spans, rng)
    stretches[1::2] = _parts(hidden, spans, rng)
    return np.repeat(np.arange(2 * spans) % 2 == 1, stretches)


def hide_spans(ids: Sequence[int], mask: Bool[np.ndarray, " length"], *, layout: VocabLayout) -> HiddenSpans:
    """Replace every span that ``mask`` marks by a sentinel.

    Example, with a and b the first two sentinels::

        ids      11 12 13 14 15 16
        mask      0  0  1  1  0  1
        inputs   11 12  a 15  b
        targets   a 13 14  b 16
    """
    inputs: list[int] = []
    targets: list[int] = []
    spans = 0
    for place, token in enumerate(ids):
        if not mask[place]:
            inputs.append(token)
            continue
        if place == 0 or not mask[place - 1]:
            sentinel = layout.sentinel_id(spans)
            inputs.append(sentinel)
            targets.append(sentinel)
            spans += 1
        targets.append(token)
    return HiddenSpans(inputs=tuple(inputs), targets=tuple(targets))


def _parts(total: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """``total`` cut at random into ``count`` whole parts of at least 1, every cut equally likely."""
    cuts = np.sort(rng.choice(total - 1, size=count - 1, replace=False)) + 1
    return np.diff(cuts, prepend=0, append=total)
