"""In which order a data set's items come: a shuffle that needs no memory and can start anywhere.

A training run asks for item number ``index`` of an endless stream. Every ``count`` of them are one round over
the data set, each round in another order, and the item is a pure function of (seed, index): nothing has to be
kept to resume, and any process can compute any place of it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
from jaxtyping import Int

from unio.core import random_stream

__all__ = ["ShardOrder", "shuffled"]

ROUNDS = 4
"""Rounds of the Feistel network; four make a permutation that looks random (Luby and Rackoff, 1988)."""

MASK = (1 << 64) - 1


def shuffled(index: int, count: int, *, seed: int, name: str = "order") -> int:
    """The item, 0 to ``count - 1``, at place ``index`` of the endless shuffled stream.

    A Feistel network permutes the next power of four above ``count``; places that fall behind ``count``
    are sent through again until they do not (cycle walking), which leaves a permutation of ``count`` items
    and takes fewer than four goes on average.

    Example, a data set of three items, two rounds::

        [shuffled(index, 3, seed=7) for index in range(6)]  # such as [2, 0, 1,  0, 2, 1]
    """
    assert count > 0, "an empty data set has no order"
    round_number, place = divmod(index, count)
    keys = _round_keys(seed, name, round_number)
    half_bits = max(1, ((count - 1).bit_length() + 1) // 2)
    while True:
        place = _feistel(place, keys, half_bits)
        if place < count:
            return place


@lru_cache(maxsize=256)
def _round_keys(seed: int, name: str, round_number: int) -> tuple[int, ...]:
    stream = random_stream(seed, "item order", name, round_number)
    return tuple(int(key) for key in stream.integers(1 << 63, size=ROUNDS))


def _feistel(value: int, keys: Sequence[int], half_bits: int) -> int:
    mask = (1 << half_bits) - 1
    left, right = value >> half_bits, value & mask
    for key in keys:
        left, right = right, left ^ (_mixed(right ^ key) & mask)
    return left << half_bits | right


def _mixed(value: int) -> int:
    """A well mixed 64-bit number: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK
    return value ^ value >> 31


@dataclass(frozen=True)
class ShardOrder:
    """Shards in shuffled order, and the items of each shuffled within it: neighbours share a file.

    ``sizes`` are the items of each shard. A round visits every item once; items of one shard stay together,
    so that a disk reads one file at a time.
    """

    sizes: tuple[int, ...]

    @property
    def count(self) -> int:
        """Items in all shards."""
        return sum(self.sizes)

    def item(self, index: int, *, seed: int) -> int:
        """The item (counted through all shards in their own order) at place ``index`` of the stream."""
        round_number, place = divmod(index, self.count)
        order: list[int] = _shard_permutation(self.sizes, seed, round_number).tolist()
        starts = list(accumulate((self.sizes[int(shard)] for shard in order), initial=0))
        at = bisect_right(starts, place) - 1
        shard = int(order[at])
        within = shuffled(
            place - starts[at] + round_number * self.sizes[shard],
            self.sizes[shard],
            seed=seed,
            name=f"shard {shard}",
        )
        return sum(self.sizes[:shard]) + within


@lru_cache(maxsize=16)
def _shard_permutation(sizes: tuple[int, ...], seed: int, round_number: int) -> Int[np.ndarray, " shards"]:
    return random_stream(seed, "shard order", round_number).permutation(len(sizes))
