"""A thing's cuboid in space as twelve location pieces, and back (spec section 4, "3D cuboid").

=============================  ====================================================  ==============
numbers                        how they are told                                     range
=============================  ====================================================  ==============
projected centre u v           across and down, as fractions of the padded square    [-0.1, 1.1]
virtual depth                  depth x side / focal length, in hundreds of metres    [-0.001, 0.1]
width, height, length          natural logarithm of centimetres                      [0, 6]
six numbers of the rotation    pi (1 + r) for r in [-1, 1]: the first two columns    [0, 2 pi]
=============================  ====================================================  ==============

Virtual depth makes a thing of one look tell the same number whatever lens saw it. The rotation is
allocentric: relative to the ray from the camera to the centre, so that it tells what is seen.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from unio.vocab import (
    CUBOID_ANGLE,
    CUBOID_DEPTH,
    CUBOID_LOCATION,
    CUBOID_SIZE,
    locations_text,
    parse_locations,
)

__all__ = ["Cuboid", "cuboid_text", "parse_cuboid"]

_VIRTUAL_UNIT = 100.0
"""Metres that are 1 in virtual depth."""

_RANGES = (*(CUBOID_LOCATION,) * 2, CUBOID_DEPTH, *(CUBOID_SIZE,) * 3, *(CUBOID_ANGLE,) * 6)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cuboid:
    """A box in the camera's frame (x right, y down, z forward).

    ``centre`` and ``size`` (width, height, length along its own axes) are in metres; ``rotation`` turns its
    own axes into the camera's.
    """

    centre: Float[np.ndarray, " 3"]
    size: Float[np.ndarray, " 3"]
    rotation: Float[np.ndarray, "3 3"]

    @property
    def corners(self) -> Float[np.ndarray, "8 3"]:
        """Its corners in metres; bit 2, 1, 0 of the index is the side along its own x, y, z."""
        signs = np.array([[(index >> bit & 1) * 2 - 1 for bit in (2, 1, 0)] for index in range(8)])
        return self.centre + (signs * self.size / 2) @ self.rotation.T

    def contains(self, points: Float[np.ndarray, "count 3"]) -> np.ndarray:
        """Which of the points (metres) lie in it."""
        local = (points - self.centre) @ self.rotation
        return np.all(np.abs(local) <= self.size / 2, axis=1)

    def project(self, *, focal: float, height: int, width: int) -> Float[np.ndarray, "8 2"]:
        """Its corners as y x in pixels of a picture whose optical axis goes through the middle."""
        corners = self.corners
        depth = np.maximum(corners[:, 2], 1e-3)
        across = width / 2 + focal * corners[:, 0] / depth
        down = height / 2 + focal * corners[:, 1] / depth
        return np.stack([down, across], axis=1)


def cuboid_text(cuboid: Cuboid, *, focal: float, height: int, width: int) -> str:
    """Twelve pieces for a cuboid seen with ``focal`` (pixels) in a picture of this size."""
    side = max(height, width)
    x, y, z = cuboid.centre.tolist()
    across, down = focal * x / max(z, 1e-6) / side + 0.5, focal * y / max(z, 1e-6) / side + 0.5
    virtual = z * side / focal / _VIRTUAL_UNIT
    sizes = [math.log(max(100 * float(one), 1.0)) for one in cuboid.size]
    allocentric = _ray_rotation(cuboid.centre).T @ cuboid.rotation
    angles = [math.pi * (1 + float(one)) for one in allocentric[:, :2].T.ravel()]
    values = (across, down, virtual, *sizes, *angles)
    return locations_text([range_.to_unit(value) for range_, value in zip(_RANGES, values, strict=True)])


def parse_cuboid(text: str, *, focal: float, height: int, width: int) -> Cuboid | None:
    """The way back; None where there are fewer than twelve pieces or they make no rotation."""
    units = parse_locations(text)[:12]
    if len(units) < 12:
        return None
    values = [range_.from_unit(unit) for range_, unit in zip(_RANGES, units, strict=True)]
    side = max(height, width)
    z = max(values[2] * _VIRTUAL_UNIT * focal / side, 1e-3)
    centre = np.array([(values[0] - 0.5) * side / focal * z, (values[1] - 0.5) * side / focal * z, z])
    columns = np.array(values[6:]).reshape(2, 3) / math.pi - 1
    rotation = _orthonormal(columns)
    if rotation is None:
        return None
    return Cuboid(
        centre=centre,
        size=np.exp(np.array(values[3:6])) / 100,
        rotation=_ray_rotation(centre) @ rotation,
    )


def _ray_rotation(centre: Float[np.ndarray, " 3"]) -> Float[np.ndarray, "3 3"]:
    """The smallest turn that brings the optical axis onto the ray to ``centre`` (Rodrigues)."""
    ray = centre / max(float(np.linalg.norm(centre)), 1e-9)
    axis = np.cross([0.0, 0.0, 1.0], ray)
    cosine = float(ray[2])
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    # In front of the camera the cosine is positive, so that the divisor is at least 1.
    return np.eye(3) + cross + cross @ cross / (1 + max(cosine, 0.0))


def _orthonormal(columns: Float[np.ndarray, "2 3"]) -> Float[np.ndarray, "3 3"] | None:
    """Gram-Schmidt of two rounded columns; the third is their cross product."""
    first_length = float(np.linalg.norm(columns[0]))
    if first_length < 0.1:
        return None
    first = columns[0] / first_length
    second = columns[1] - first * float(first @ columns[1])
    second_length = float(np.linalg.norm(second))
    if second_length < 0.1:
        return None
    second = second / second_length
    return np.stack([first, second, np.cross(first, second)], axis=1)
