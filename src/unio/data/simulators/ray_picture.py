"""Pictures of any MuJoCo model without a graphics card: one ray a pixel, lit by one lamp.

The playroom's own renderer knows the playroom's things; this one paints what a model's geoms and materials
say, without textures and shadows.
"""

import importlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.core import MissingExtraError
from unio.schema import Picture

__all__ = ["Eye", "ray_picture"]

VISIBLE = np.array([1, 1, 1, 0, 0, 0], np.uint8)
"""MuJoCo's own viewer shows groups 0 to 2; collision shapes are in others."""

SKY = 0.85
AMBIENT = 0.4
FAR = 20.0


@dataclass(frozen=True, kw_only=True)
class Eye:
    """Where the camera is, what it looks at (world, in metres), and how wide it sees, in degrees."""

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    field_of_view: float = 45.0

    def rays(self, size: int) -> Float[np.ndarray, "pixels 3"]:
        """Unit directions through the pixels of a square picture, row by row."""
        ahead = np.subtract(self.target, self.position)
        ahead = ahead / np.linalg.norm(ahead)
        right = np.cross(ahead, [0.0, 0.0, 1.0])
        right = right / np.linalg.norm(right)
        steps = ((np.arange(size) + 0.5) / size * 2 - 1) * math.tan(math.radians(self.field_of_view / 2))
        across, up = np.meshgrid(steps, -steps)
        axes = np.stack([right, np.cross(right, ahead), ahead])
        rays = np.stack([across.ravel(), up.ravel(), np.ones(size * size)], axis=1) @ axes
        return rays / np.linalg.norm(rays, axis=1, keepdims=True)


def ray_picture(model: Any, data: Any, eye: Eye, *, size: int) -> Picture:
    """What ``eye`` sees of a model (``MjModel``) in the state of ``data`` (``MjData``): (size, size, 3).

    Raises ``MissingExtraError`` without MuJoCo.
    """
    try:
        mujoco: Any = importlib.import_module("mujoco")
    except ImportError as error:
        raise MissingExtraError("mujoco", extra="playroom") from error
    count = size * size
    geoms, distance = np.full(count, -1, np.int32), np.zeros(count)
    normals, rays = np.zeros((count, 3)), eye.rays(size)
    origin = np.asarray(eye.position, np.float64)
    mujoco.mj_multiRay(
        model,
        data,
        origin,
        rays.reshape(-1),
        VISIBLE,
        True,
        -1,
        geoms,
        distance,
        normals.reshape(-1),
        count,
        FAR,
    )
    towards_lamp = -rays + [0.0, 0.0, 1.0]  # a lamp above the eye
    towards_lamp /= np.linalg.norm(towards_lamp, axis=1, keepdims=True)
    lit = AMBIENT + (1 - AMBIENT) * np.abs(np.einsum("pc,pc->p", normals, towards_lamp))
    light = np.where(geoms[:, None] < 0, SKY, _colours(model)[geoms] * lit[:, None])
    return (np.clip(light, 0, 1) * 255 + 0.5).astype(np.uint8).reshape(size, size, 3)


def _colours(model: Any) -> Float[np.ndarray, "geoms 3"]:
    """RGB, 0..1, of each geom: its material's where it has one."""
    colours = np.array(model.geom_rgba[:, :3], np.float64)
    materials = np.asarray(model.geom_matid)
    painted = np.flatnonzero(materials >= 0)
    colours[painted] = np.asarray(model.mat_rgba)[materials[painted], :3]
    return colours
