import math

import pytest

from unio.core import ConfigError, InputError
from unio.vocab import (
    CUBOID_ANGLE,
    CUBOID_DEPTH,
    CUBOID_LOCATION,
    CUBOID_SIZE,
    POSE_AZIMUTH,
    POSE_DIRECTION,
    POSE_DISTANCE,
    ROBOT_POSITION,
    ValueRange,
)


def test_range_maps_to_the_unit_interval_and_back():
    metres = ValueRange(-2.0, 6.0)
    assert [metres.to_unit(value) for value in (-2.0, 0.0, 6.0)] == [0.0, 0.25, 1.0]
    assert [metres.from_unit(unit) for unit in (0.0, 0.25, 1.0)] == [-2.0, 0.0, 6.0]


def test_values_beyond_are_cut():
    assert [ValueRange(0.0, 8.0).to_unit(value) for value in (-5.0, 9.0, math.inf)] == [0.0, 1.0, 1.0]


def test_ranges_are_those_of_the_released_tasks():
    ranges = [CUBOID_LOCATION, CUBOID_DEPTH, CUBOID_SIZE, CUBOID_ANGLE]
    assert [(one.low, one.high) for one in ranges] == [(-0.1, 1.1), (-0.001, 0.1), (0, 6), (0, 2 * math.pi)]
    ranges = [POSE_AZIMUTH, POSE_DIRECTION, POSE_DISTANCE, ROBOT_POSITION]
    assert [(one.low, one.high) for one in ranges] == [(-math.pi, math.pi), (-1, 1), (-0.7, 0.7), (-50, 50)]


def test_nonsense_is_refused():
    with pytest.raises(ConfigError, match=r"empty value range: got 3.0 to 3.0; expected low < high"):
        ValueRange(3.0, 3.0)
    with pytest.raises(InputError, match=r"cannot quantise a value: got NaN"):
        ValueRange(0.0, 1.0).to_unit(math.nan)
