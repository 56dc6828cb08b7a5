"""Rays: what a straight line from a point meets first, how far away and at which normal."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from unio.playroom.visible import Visible

__all__ = ["FLOOR_ID", "SKY_ID", "Hits", "cast"]

SKY_ID = -2
FLOOR_ID = -1

_FAR = 30.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Hits:
    """What rays met.

    ``ids``: thing index, -1 floor, -2 nothing. ``geoms``: MuJoCo's number of the piece met, -1 nothing.
    ``distance`` counts lengths of the ray's own direction
    vector, 0 where nothing was met. ``normals`` are unit vectors in the world, 0 where
    nothing was met, and none at all where they were not asked for.
    """

    ids: Int[np.ndarray, " rays"]
    geoms: Int[np.ndarray, " rays"]
    distance: Float[np.ndarray, " rays"]
    normals: Float[np.ndarray, "asked 3"]


def cast(
    world: Visible,
    origin: Float[np.ndarray, " 3"],
    directions: Float[np.ndarray, "rays 3"],
    *,
    with_floor: bool = True,
    with_normals: bool = True,
) -> Hits:
    """Cast rays from one point at the things where they are now. Directions need not be unit vectors."""
    count = len(directions)
    geoms = np.full(count, -1, dtype=np.int32)
    distance = np.zeros(count, dtype=np.float64)
    normals = np.zeros((count if with_normals else 0, 3), dtype=np.float64)
    if count:
        world.mujoco.mj_multiRay(
            world.model,
            world.data,
            np.asarray(origin, dtype=np.float64),
            np.ascontiguousarray(directions, dtype=np.float64).reshape(-1),
            np.array([1, with_floor, 0, 0, 0, 0], dtype=np.uint8),  # the pusher, group 2, is never seen
            True,
            -1,
            geoms,
            distance,
            normals.reshape(-1) if with_normals else None,
            count,
            _FAR,
        )
    ids = np.where(geoms < 0, SKY_ID, world.owners[geoms])
    distance = np.maximum(distance, 0)
    if with_normals:
        world.refine_normals(origin, directions, ids=ids, distance=distance, normals=normals)
    return Hits(ids=ids, geoms=geoms, distance=distance, normals=normals)
