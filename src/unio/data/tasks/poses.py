"""A change of camera pose as four location pieces, and back (spec section 4, "camera pose").

Polar change in [-pi, pi], sine and cosine of the azimuth change in [-1, 1], change of distance in
[-0.7, 0.7].
"""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from unio.vocab import POSE_AZIMUTH, POSE_DIRECTION, POSE_DISTANCE, locations_text, parse_locations

__all__ = ["describe_pose", "parse_pose", "pose_text"]

_RANGES = (POSE_AZIMUTH, POSE_DIRECTION, POSE_DIRECTION, POSE_DISTANCE)


def pose_text(pose: Sequence[float] | Float[np.ndarray, " 3"]) -> str:
    """Changes of polar angle and azimuth (radians) and of distance (metres) as four pieces."""
    polar, azimuth, distance = (float(value) for value in pose)
    values = (polar, math.sin(azimuth), math.cos(azimuth), distance)
    return locations_text([range_.to_unit(value) for range_, value in zip(_RANGES, values, strict=True)])


def parse_pose(text: str) -> Float[np.ndarray, " 3"]:
    """The way back; zeros (no change) where there are fewer than four pieces."""
    units = parse_locations(text)[:4]
    if len(units) < 4:
        return np.zeros(3)
    polar, sine, cosine, distance = (
        range_.from_unit(unit) for range_, unit in zip(_RANGES, units, strict=True)
    )
    return np.array([polar, math.atan2(sine, cosine), distance])


def describe_pose(pose: Float[np.ndarray, " 3"]) -> str:
    """A camera's move in words: angles in degrees, distance in metres."""
    polar, azimuth, distance = pose.tolist()
    return (
        f"polar angle {math.degrees(polar):+.0f}°, azimuth {math.degrees(azimuth):+.0f}°, "
        f"distance {distance:+.2f} m"
    )
