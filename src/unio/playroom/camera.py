"""The playroom's pinhole camera on a dome around the middle of the floor."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["DOME_CENTRE", "Camera", "Projection"]

DOME_CENTRE: tuple[float, float, float] = (0.0, 0.0, 0.03)


@dataclass(frozen=True, kw_only=True, eq=False)
class Projection:
    """Where points fall in the picture.

    ``points`` are (y, x), 0..1 inside the picture, from its top left corner. ``depth`` is the distance
    along the camera's axis in metres, negative behind the camera.
    """

    points: Float[np.ndarray, "count 2"]
    depth: Float[np.ndarray, " count"]

    @property
    def inside(self) -> Bool[np.ndarray, " count"]:
        """Which points the picture holds."""
        return (self.depth > 0) & np.all((self.points >= 0) & (self.points <= 1), axis=1)


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A camera that looks at ``target``, with the picture's upper edge up. Angles are in degrees.

    ``azimuth`` turns about the world's z from +x; ``elevation`` is the height above the horizon;
    ``distance`` to the target is in metres; ``field_of_view`` is the angle that the square picture spans.
    The camera's own axes are x right, y up, z backwards (towards the viewer).
    """

    azimuth: float
    elevation: float
    distance: float
    target: tuple[float, float, float] = DOME_CENTRE
    field_of_view: float = 40.0

    @cached_property
    def rotation(self) -> Float[np.ndarray, "3 3"]:
        """Columns are the camera's right, up and backward axes in the world."""
        azimuth, elevation = math.radians(self.azimuth), math.radians(self.elevation)
        backward = np.array(
            [
                math.cos(elevation) * math.cos(azimuth),
                math.cos(elevation) * math.sin(azimuth),
                math.sin(elevation),
            ]
        )
        right = np.array([-math.sin(azimuth), math.cos(azimuth), 0.0])
        return np.stack([right, np.cross(backward, right), backward], axis=1)

    @cached_property
    def position(self) -> Float[np.ndarray, " 3"]:
        """The camera's place in the world, in metres."""
        return np.asarray(self.target) + self.distance * self.rotation[:, 2]

    @property
    def half_width(self) -> float:
        """Half the picture's width at depth 1."""
        return math.tan(math.radians(self.field_of_view) / 2)

    def project(self, points: Float[np.ndarray, "count 3"]) -> Projection:
        """World points in metres to places in the picture."""
        local = (np.asarray(points, dtype=np.float64) - self.position) @ self.rotation
        depth = -local[:, 2]
        # A point on the camera's own plane has no place in the picture; keep the division finite.
        scale = 2 * self.half_width * np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        places = np.stack([0.5 - local[:, 1] / scale, 0.5 + local[:, 0] / scale], axis=1)
        return Projection(points=places, depth=depth)

    def rays(self, points: Float[np.ndarray, "count 2"]) -> Float[np.ndarray, "count 3"]:
        """World directions through places (y, x) of the picture, each one metre long in depth."""
        points = np.asarray(points, dtype=np.float64)
        width = 2 * self.half_width
        local = np.stack(
            [(points[:, 1] - 0.5) * width, (0.5 - points[:, 0]) * width, -np.ones(len(points))], axis=1
        )
        return local @ self.rotation.T

    def unproject_to_floor(self, points: Float[np.ndarray, "count 2"]) -> Float[np.ndarray, "count 3"]:
        """World points on the floor (z = 0) under places (y, x); NaN above the horizon."""
        directions = self.rays(points)
        down = np.where(directions[:, 2] < 0, directions[:, 2], np.nan)
        floor = self.position + directions * (-self.position[2] / down)[:, None]
        floor[:, 2] *= 0  # exactly the floor, and NaN stays NaN
        return floor
