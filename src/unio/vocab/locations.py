"""Numbers in [0, 1] as location tokens in text, and back (spec section 4)."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from unio.core import InputError
from unio.vocab.layout import LOCATION_BINS, SENTINELS

__all__ = [
    "LabelledLocations",
    "labelled_locations",
    "location_bin",
    "location_text",
    "locations_text",
    "parse_locations",
]

FIRST = SENTINELS
"""The number in the piece of bin 0: ``<extra_id_200>``."""

PIECE = re.compile(r"<extra_id_(\d{3,4})>")


def location_bin(value: float) -> int:
    """The bin of a value in [0, 1]: ``floor(999 value)``.

    Raises ``InputError`` outside [0, 1]; a millionth beyond it counts as rounding.
    """
    if not -1e-6 <= value <= 1 + 1e-6:
        raise InputError(
            "location outside the unit interval",
            got=value,
            expected="0 <= value <= 1",
            fix="divide pixels by the side of the fitted square, or map the value with a ValueRange",
        )
    # 999 times a bin's own value may come out a hair below the bin, by up to 6e-5 in single precision;
    # the ten-thousandth keeps "read, then write" the identity.
    found = math.floor((LOCATION_BINS - 1) * float(value) + 1e-4)
    return min(max(found, 0), LOCATION_BINS - 1)


def location_text(value: float) -> str:
    """The piece of a value in [0, 1]: ``location_text(0.0) == "<extra_id_200>"``."""
    return f"<extra_id_{FIRST + location_bin(value)}>"


def locations_text(values: Sequence[float]) -> str:
    """The pieces of several values, separated by blanks, such as a box y1 x1 y2 x2."""
    return " ".join(location_text(value) for value in values)


def _value(number: str) -> float | None:
    """The value of ``<extra_id_number>``; None for a sentinel."""
    found = int(number) - FIRST
    return found / (LOCATION_BINS - 1) if 0 <= found < LOCATION_BINS else None


def parse_locations(text: str) -> list[float]:
    """The values of all location pieces in ``text``, in order; other words and sentinels are passed over."""
    values = [_value(number) for number in PIECE.findall(text)]
    return [value for value in values if value is not None]


@dataclass(frozen=True, kw_only=True)
class LabelledLocations:
    """Locations that follow each other, and the words behind them up to the next location."""

    values: tuple[float, ...]
    label: str


def labelled_locations(text: str) -> list[LabelledLocations]:
    """Split "locations words locations words .." into groups; words before the first location are dropped.

    Example::

        labelled_locations("<extra_id_200> <extra_id_1199> red ball <extra_id_200> cube")
        # [(0.0, 1.0) "red ball", (0.0,) "cube"]
    """
    groups: list[LabelledLocations] = []
    values: list[float] = []
    # re.split with one group alternates words and numbers; a number is always followed by words (perhaps "").
    _, *rest = PIECE.split(text)
    for number, words in zip(rest[::2], rest[1::2], strict=True):
        value = _value(number)
        if value is not None:
            values.append(value)
        if words.strip() and values:
            groups.append(LabelledLocations(values=tuple(values), label=" ".join(words.split())))
            values = []
    if values:
        groups.append(LabelledLocations(values=tuple(values), label=""))
    return groups
