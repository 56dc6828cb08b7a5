"""Unit quaternions (w, x, y, z), the turns of things."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

__all__ = ["Quaternion", "multiply", "quaternion_matrix", "turn"]

Quaternion = tuple[float, float, float, float]


def quaternion_matrix(quaternion: Sequence[float]) -> Float[np.ndarray, "3 3"]:
    """The rotation matrix of a unit quaternion (w, x, y, z)."""
    w, x, y, z = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ],
        dtype=np.float64,
    )


def turn(axis: Sequence[float], angle: float) -> Quaternion:
    """The quaternion of a turn by ``angle`` radians about the unit vector ``axis``."""
    x, y, z = axis
    sine = math.sin(angle / 2)
    return math.cos(angle / 2), x * sine, y * sine, z * sine


def multiply(first: Sequence[float], second: Sequence[float]) -> Quaternion:
    """The turn that does ``second``, then ``first`` (the quaternion product)."""
    a, b, c, d = first
    e, f, g, h = second
    return (
        a * e - b * f - c * g - d * h,
        a * f + b * e + c * h - d * g,
        a * g - b * h + c * e + d * f,
        a * h + b * g - c * f + d * e,
    )
