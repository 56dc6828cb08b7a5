"""Drawing lots: one of several, or all in random order."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

__all__ = ["pick", "shuffled"]

T = TypeVar("T")


def pick(options: Sequence[T], rng: np.random.Generator) -> T:
    """One of the options, all equally likely."""
    return options[int(rng.integers(len(options)))]


def shuffled(options: Sequence[T], rng: np.random.Generator) -> list[T]:
    """All options in random order."""
    return [options[place] for place in rng.permutation(len(options)).tolist()]
