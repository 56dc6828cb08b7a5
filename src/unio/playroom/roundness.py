"""Round things are made of flat or straight pieces; this gives rays that meet them the true normals."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from unio.playroom.pieces import bowl_wall_normal
from unio.playroom.things import Thing

__all__ = ["smooth_normals"]

Vectors = Float[np.ndarray, "rays 3"]


def smooth_normals(
    things: Sequence[Thing],
    data: Any,
    roots: Int[np.ndarray, " things"],
    *,
    origin: Float[np.ndarray, " 3"],
    directions: Vectors,
    ids: Int[np.ndarray, " rays"],
    distance: Float[np.ndarray, " rays"],
    normals: Vectors,
) -> None:
    """Replace, in place, the normals on cones, rings and the walls of bowls by those of the true surface.

    ``data`` (``MjData``) says where each thing's body, ``roots``, is now.
    """
    for index, thing in enumerate(things):
        if thing.shape not in _SMOOTHERS:
            continue
        rows = np.flatnonzero(ids == index)
        axes = np.asarray(data.xmat[roots[index]], dtype=np.float64).reshape(3, 3)
        centre = np.asarray(data.xpos[roots[index]], dtype=np.float64)
        local = (origin + directions[rows] * distance[rows, None] - centre) @ axes
        smooth = _SMOOTHERS[thing.shape](thing, local, normals[rows] @ axes)
        curved = np.flatnonzero(~np.isnan(smooth[:, 0]))
        normals[rows[curved]] = smooth[curved] @ axes.T


def _cone(thing: Thing, local: Vectors, flat: Vectors) -> Vectors:
    """The mantle; NaN on the base, as wherever a flat normal is the true one."""
    radius, _, half_height = thing.half_extents
    around = _around(local)
    slope = np.hypot(radius, 2 * half_height)
    outward = 2 * half_height / slope / around
    smooth = np.stack(
        [local[:, 0] * outward, local[:, 1] * outward, np.full(len(local), radius / slope)], axis=1
    )
    smooth[flat[:, 2] <= -0.9] = np.nan
    return smooth


def _ring(thing: Thing, local: Vectors, flat: Vectors) -> Vectors:
    """Away from the circle in the tube's middle."""
    del flat
    outer, _, tube = thing.half_extents
    middle = local * np.array([1.0, 1.0, 0.0]) * ((outer - tube) / _around(local))[:, None]
    away = local - middle
    return away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)


def _bowl(thing: Thing, local: Vectors, flat: Vectors) -> Vectors:
    """The wall, inside and outside; NaN on the bottom and the edge."""
    outward, up = bowl_wall_normal(thing.half_extents)
    away = outward / _around(local)
    smooth = np.stack([local[:, 0] * away, local[:, 1] * away, np.full(len(local), up)], axis=1)
    smooth *= np.where(flat[:, 2] * up < 0, -1, 1)[:, None]
    smooth[np.abs(np.abs(flat[:, 2]) - abs(up)) > 0.02] = np.nan
    return smooth


def _around(local: Vectors) -> Float[np.ndarray, " rays"]:
    """Distance from the thing's axis, never quite 0."""
    return np.maximum(np.hypot(local[:, 0], local[:, 1]), 1e-9)


_SMOOTHERS: dict[str, Callable[[Thing, Vectors, Vectors], Vectors]] = {
    "cone": _cone,
    "ring": _ring,
    "bowl": _bowl,
}
