"""Words: one spelling for comparison, F1 of sets, and the things a sentence names."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = [
    "bag_f1",
    "comma_list",
    "facts_scores",
    "named_things",
    "plain_words",
    "same_text",
    "word_error_rate",
]

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def plain_words(text: str) -> list[str]:
    """Lower-case words and numbers, punctuation dropped: ``"A red Ball."`` -> ``["a", "red", "ball"]``."""
    return re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower())


def same_text(first: str, second: str) -> bool:
    """Whether two answers have the same words in the same order."""
    return plain_words(first) == plain_words(second)


def comma_list(text: str) -> list[str]:
    """The items of a comma separated answer, each in plain words."""
    items = [" ".join(plain_words(item)) for item in text.split(",")]
    return [item for item in items if item]


def bag_f1(found: Iterable[str | tuple[str, str]], wanted: Iterable[str | tuple[str, str]]) -> float:
    """F1 of two bags: every item counts as often as it stands there. Two empty bags agree."""
    mine, theirs = Counter(found), Counter(wanted)
    if not mine and not theirs:
        return 1.0
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


def named_things(text: str, *, adjectives: Sequence[str], nouns: Sequence[str]) -> list[tuple[str, str]]:
    """The (adjective, noun) pairs a sentence names, as often as it counts them.

    A noun takes the last adjective before it since the noun before; without one it is not counted, nor
    is a thing after "the", which has been named before. Plurals end in s or es.

    Example::

        named_things("Two red balls and a big blue box.", adjectives=["red", "blue"], nouns=["ball", "box"])
        # [("red", "ball"), ("red", "ball"), ("blue", "box")]
    """
    singular = {form: noun for noun in nouns for form in (noun, noun + "s", noun + "es")}
    things: list[tuple[str, str]] = []
    number, adjective, known = 1, None, False
    for word in plain_words(text):
        if word in singular:
            if adjective is not None and not known:
                things += [(adjective, singular[word])] * number
            number, adjective, known = 1, None, False
        elif word in adjectives:
            adjective = word
        elif word in _NUMBERS:
            number, known = _NUMBERS[word], False
        elif word == "the":
            known = True
    return things


def facts_scores(text: str, truth: Mapping[str, Any]) -> dict[str, float]:
    """``facts_f1``: F1 of the telling words; ``word_f1``: of all words.

    ``truth`` has the ``caption``, the ``facts`` that an answer must hold, and all ``words`` of their kind,
    of which no other may be there.
    """
    words = plain_words(text)
    told = {word for word in words if word in truth["words"]}
    return {
        "facts_f1": bag_f1(told, set(truth["facts"])),
        "word_f1": bag_f1(words, plain_words(truth["caption"])),
    }


def word_error_rate(found: str, wanted: str) -> float:
    """Fewest words to change, add and drop, over the number of words wanted (no words: 0 or 1)."""
    mine, theirs = plain_words(found), plain_words(wanted)
    if not theirs:
        return float(bool(mine))
    row = list(range(len(mine) + 1))
    for place, word in enumerate(theirs, start=1):
        diagonal, row[0] = row[0], place
        for column, other in enumerate(mine, start=1):
            changed = diagonal + (word != other)
            diagonal, row[column] = row[column], min(changed, row[column] + 1, row[column - 1] + 1)
    return row[-1] / len(theirs)
