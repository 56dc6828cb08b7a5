"""What real captions are scored by: their telling words, and the colours they name.

The playroom knows exactly which words and colours a caption must hold; people's captions come without such a
list, so the words that carry meaning stand for it.
"""

from unio.data.tasks.scoring.colours import Palette
from unio.data.tasks.scoring.words import plain_words

__all__ = ["COMMON_PALETTE", "MIN_COLOUR_SHARE", "TellingWords", "named_colours", "telling_words"]

_GRAMMAR = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "and",
        "or",
        "but",
        "if",
        "of",
        "in",
        "on",
        "at",
        "to",
        "from",
        "by",
        "with",
        "without",
        "for",
        "as",
        "into",
        "onto",
        "over",
        "under",
        "near",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "it",
        "its",
        "he",
        "she",
        "his",
        "her",
        "him",
        "they",
        "their",
        "them",
        "we",
        "our",
        "you",
        "your",
        "i",
        "my",
        "me",
        "there",
        "here",
        "some",
        "any",
        "each",
        "every",
        "other",
        "another",
        "while",
        "then",
        "than",
        "so",
        "very",
        "which",
        "who",
        "whom",
        "whose",
        "what",
        "when",
        "where",
        "how",
        "not",
        "no",
        "nor",
        "up",
        "down",
        "out",
        "off",
        "about",
        "through",
        "during",
    ]
)

COMMON_PALETTE = Palette(
    hues={"red": 0, "orange": 28, "yellow": 55, "green": 120, "blue": 220, "purple": 280, "pink": 330},
    min_saturation=0.35,
    dark="black",
    max_darkness=0.2,
    max_dark_saturation=1.0,
)
"""Colour names at their usual hues, for pictures that nobody calibrated."""

MIN_COLOUR_SHARE = 0.02
"""Share of a picture that a named colour must fill to be there."""


class TellingWords:
    """All words that are not mere grammar: ``"dog" in TellingWords()``, ``"the" not in TellingWords()``."""

    def __contains__(self, word: object) -> bool:
        return word not in _GRAMMAR


def telling_words(text: str) -> tuple[str, ...]:
    """The words of a text that carry meaning, each once, in order.

    Example::

        telling_words("A dog barks, and the dog runs.")  # ("dog", "barks", "runs")
    """
    return tuple(dict.fromkeys(word for word in plain_words(text) if word in TellingWords()))


def named_colours(text: str) -> tuple[str, ...]:
    """The palette's colours that a text names, each once."""
    return tuple(dict.fromkeys(word for word in plain_words(text) if word in COMMON_PALETTE.names))
