"""A caption and a bound that it keeps: of length, word or beginning."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.core import InputError
from unio.data.tasks.scoring.words import plain_words

__all__ = ["bounded_caption_fields"]

MOST_BEGINNING = 3
"""Words of a beginning."""

SLACK = 3
"""How many words a bound of length may leave free."""

LEAST_LETTERS = 4
"""A word to hold has so many letters, which leaves out most of grammar's."""


def bounded_caption_fields(caption: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``caption`` with a bound drawn among those that its caption keeps.

    Raises ``InputError`` for a caption without words.

    Example: "A red ball." -> "at most 5 words", "with the word ball" or "beginning with a red"
    """
    words = plain_words(str(caption["caption"]))
    if not words:
        raise InputError("a caption without words", got=repr(caption["caption"])[:40])
    bounds = [f"at most {len(words) + int(rng.integers(SLACK + 1))} words"]
    telling = [word for word in dict.fromkeys(words) if len(word) >= LEAST_LETTERS]
    if telling:
        bounds.append(f"with the word {telling[int(rng.integers(len(telling)))]}")
    if len(words) > 1:
        length = int(rng.integers(1, min(MOST_BEGINNING, len(words) - 1) + 1))
        bounds.append(f"beginning with {' '.join(words[:length])}")
    return {**caption, "bound": bounds[int(rng.integers(len(bounds)))]}
