"""Ranges of numbers that are no picture coordinates, so that they too become location tokens (spec 4)."""

import math
from dataclasses import dataclass

from unio.core import ConfigError, InputError

__all__ = [
    "CUBOID_ANGLE",
    "CUBOID_DEPTH",
    "CUBOID_LOCATION",
    "CUBOID_SIZE",
    "POSE_AZIMUTH",
    "POSE_DIRECTION",
    "POSE_DISTANCE",
    "ROBOT_POSITION",
    "ValueRange",
]


@dataclass(frozen=True)
class ValueRange:
    """The interval [low, high], mapped to [0, 1] and back; beyond its ends a value is cut to them.

    Example::

        metres = ValueRange(0.0, 8.0)
        metres.to_unit(2.0)       # 0.25
        metres.from_unit(0.25)    # 2.0
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ConfigError("empty value range", got=f"{self.low} to {self.high}", expected="low < high")

    def to_unit(self, value: float) -> float:
        """Where ``value`` lies in the range, 0 at its low end. Raises ``InputError`` for NaN."""
        if math.isnan(value):
            raise InputError(
                "cannot quantise a value", got="NaN", expected=f"a number in [{self.low}, {self.high}]"
            )
        return min(max((float(value) - self.low) / (self.high - self.low), 0.0), 1.0)

    def from_unit(self, unit: float) -> float:
        """The value at a place of the range, the inverse of ``to_unit``."""
        return self.low + float(unit) * (self.high - self.low)


CUBOID_LOCATION = ValueRange(-0.1, 1.1)
"""Projected centre of a 3D cuboid, relative to the picture: it may lie a little outside."""

CUBOID_DEPTH = ValueRange(-0.001, 0.1)
"""Virtual depth of a cuboid's centre."""

CUBOID_SIZE = ValueRange(0.0, 6.0)
"""Log-normalised width, height and length of a cuboid."""

CUBOID_ANGLE = ValueRange(0.0, 2 * math.pi)
"""Each number of a cuboid's allocentric rotation, in radians."""

POSE_AZIMUTH = ValueRange(-math.pi, math.pi)
"""Theta of a relative camera pose, in radians."""

POSE_DIRECTION = ValueRange(-1.0, 1.0)
"""Sine and cosine of phi of a relative camera pose."""

POSE_DISTANCE = ValueRange(-0.7, 0.7)
"""Change of a camera's distance r."""

ROBOT_POSITION = ValueRange(-50.0, 50.0)
"""A step of a robot's hand along one axis."""
