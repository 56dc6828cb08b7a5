"""A text as its beginning and how it goes on: what `continue_text` reads."""

import numpy as np

from unio.core import InputError
from unio.data.sources.reader import Record

__all__ = ["split_text"]

MOST_WORDS = 400
"""Words of a text that are looked at: both halves together are about what a model reads and writes."""


def split_text(text: str, rng: np.random.Generator) -> Record:
    """Up to `MOST_WORDS` neighbouring words, cut anywhere. Raises ``InputError`` for a single word.

    Example: ``"the ball rolls away"`` -> ``{"text": "the ball", "continuation": "rolls away"}``
    """
    words = text.split()
    if len(words) < 2:
        raise InputError("a text of a single word", got=repr(text[:40]), expected="two words or more")
    begin = int(rng.integers(max(1, len(words) - MOST_WORDS + 1)))
    shown = words[begin : begin + MOST_WORDS]
    cut = int(rng.integers(1, len(shown)))
    return {"text": " ".join(shown[:cut]), "continuation": " ".join(shown[cut:])}
