"""Records of families that need no picture: sums and sorting."""

from typing import Any

import numpy as np

__all__ = ["arithmetic_record", "sort_record"]

_WORDS = (
    *("apple", "bear", "cat", "dog", "egg", "fish", "goat", "hat", "ice", "jam", "king", "lamp", "moon"),
    *("nest", "owl", "pig", "queen", "rain", "sun", "tree", "van", "wolf", "yard", "zoo"),
    *("book", "cup", "door", "fork", "glove", "horse"),
)


def arithmetic_record(setting: object, rng: np.random.Generator) -> dict[str, Any]:
    """Two or three numbers added or subtracted; half of the sums stay below twenty, none leaves 0 to 198."""
    del setting
    most = 10 if rng.random() < 0.5 else 99
    first, second = (int(number) for number in rng.integers(0, most + 1, size=2))
    if rng.random() < 0.4:
        first, second = max(first, second), min(first, second)
        return {"expression": f"{first} - {second}", "result": str(first - second)}
    if most == 10 and rng.random() < 0.25:
        third = int(rng.integers(0, 10))
        return {"expression": f"{first} + {second} + {third}", "result": str(first + second + third)}
    return {"expression": f"{first} + {second}", "result": str(first + second)}


def sort_record(setting: object, rng: np.random.Generator) -> dict[str, Any]:
    """Three to five different numbers below 100, or words, up or down."""
    del setting
    count = int(rng.integers(3, 6))
    items: list[Any]
    if rng.random() < 0.6:
        items = [int(number) for number in rng.choice(100, size=count, replace=False)]
    else:
        items = [_WORDS[int(place)] for place in rng.choice(len(_WORDS), size=count, replace=False)]
    is_descending = rng.random() < 0.3
    ordered = sorted(items, reverse=is_descending)
    return {
        "items": " ".join(str(item) for item in items),
        "order": "descending" if is_descending else "ascending",
        "sorted": " ".join(str(item) for item in ordered),
    }
