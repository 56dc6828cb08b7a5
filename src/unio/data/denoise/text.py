"""What a text target and its input are under each paradigm, cut to the room there is (spec section 12)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unio.data.denoise.config import SpanSetting, TextDenoising
from unio.data.denoise.spans import count_spans, hide_spans, span_mask
from unio.schema import Paradigm
from unio.vocab import VocabLayout

__all__ = ["SHORTEST_SPANS", "DenoisedText", "TextRoom", "continue_prefix", "draw_spans", "window"]

SHORTEST_SPANS = 2
"""Tokens of the shortest text that can have a span hidden and something left."""


@dataclass(frozen=True, kw_only=True)
class TextRoom:
    """Tokens there is room for in the encoder and in the target, end tokens not counted."""

    inputs: int
    targets: int


@dataclass(frozen=True, kw_only=True)
class DenoisedText:
    """Token ids of the input and of the target, without prefix and end tokens."""

    inputs: tuple[int, ...]
    targets: tuple[int, ...]


def continue_prefix(
    ids: Sequence[int], *, config: TextDenoising, room: TextRoom, may_be_whole: bool, rng: np.random.Generator
) -> DenoisedText:
    """[S]: the beginning of a text, and its rest to be written.

    ``may_be_whole`` allows an empty beginning: something else tells what to write.
    """
    drawn = rng.random()
    share = rng.uniform(*config.prefix)
    ids = window(ids, room.inputs + room.targets, rng)
    if may_be_whole and drawn < config.whole:
        return DenoisedText(inputs=(), targets=tuple(ids[: room.targets]))
    # The target has a token at least, and neither side more than there is room for.
    cut = min(round(share * len(ids)), len(ids) - 1, room.inputs)
    cut = max(cut, len(ids) - room.targets)
    return DenoisedText(inputs=tuple(ids[:cut]), targets=tuple(ids[cut:]))


def draw_spans(
    ids: Sequence[int],
    *,
    paradigm: Paradigm,
    config: TextDenoising,
    room: TextRoom,
    layout: VocabLayout,
    rng: np.random.Generator,
) -> DenoisedText:
    """[R] and [X]: a text with spans hidden by one of the paradigm's settings, and the spans."""
    settings = config.regular_spans if paradigm is Paradigm.REGULAR else config.extreme_spans
    setting = settings[int(rng.integers(len(settings)))]
    ids = window(ids, _longest(len(ids), setting, room), rng)
    hidden = hide_spans(ids, span_mask(len(ids), setting, rng), layout=layout)
    return DenoisedText(inputs=hidden.inputs, targets=hidden.targets)


def window(ids: Sequence[int], length: int, rng: np.random.Generator) -> Sequence[int]:
    """``length`` neighbouring tokens from a random place, or all if there are fewer."""
    start = int(rng.integers(max(len(ids) - length, 0) + 1))
    return ids[start : start + length]


def _longest(length: int, setting: SpanSetting, room: TextRoom) -> int:
    """The longest text, up to ``length``, that fits on both sides once its spans are hidden."""
    most = min(length, room.inputs + room.targets)
    for candidate in range(most, SHORTEST_SPANS, -1):
        hidden, spans = count_spans(candidate, setting)
        if candidate - hidden + spans <= room.inputs and hidden + spans <= room.targets:
            return candidate
    return SHORTEST_SPANS
