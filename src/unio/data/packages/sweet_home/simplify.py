"""From a model's triangles to a small mesh of known size that stands upright.

The vertices of each cell of a grid become one, their mean, and triangles that shrink to a line go: the grid
is the finest of a few that leaves no more than `MAX_TRIANGLES`. Where none does, as for trees, the largest
triangles are kept. Colours are grouped into at most `MAX_COLOURS`.
"""

import numpy as np
from jaxtyping import Float, Int

from unio.core import InputError
from unio.data.packages.sweet_home.catalogue import Entry
from unio.data.packages.sweet_home.wavefront import Triangles
from unio.playroom.furniture import Mesh

__all__ = ["MAX_COLOURS", "MAX_TRIANGLES", "small_mesh"]

MAX_TRIANGLES = 10_000
MAX_COLOURS = 8
GRIDS = (192, 128, 96)
"""Cells along the longest side. At 128 pixels a picture, even 96 cells a thing are as fine as its pixels;
coarser ones would swallow the stems of plants."""

UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""From OBJ's axes (x right, y up, z to the front) to ours (x right, y to the back, z up)."""

ROUNDS = 8

Vertices = Float[np.ndarray, "vertices 3"]
Faces = Int[np.ndarray, "faces 3"]
Merged = tuple[Float[np.ndarray, "cells 3"], Int[np.ndarray, "kept 3"], Int[np.ndarray, " kept"]]
"""Vertices and faces that are left, and which of the faces of before those are."""


def small_mesh(triangles: Triangles, entry: Entry) -> Mesh:
    """The mesh of a catalogue's entry: its box has the entry's size, in metres, around the origin.

    Raises ``InputError`` for a model without any surface.
    """
    turned = triangles.vertices @ entry.rotation.T @ UPRIGHT.T
    size = np.array([entry.width, entry.depth, entry.height])
    vertices = _fitted(turned, triangles.faces, size)
    small, faces, kept = _simplified(vertices, triangles.faces, longest=float(size.max()))
    if not len(faces):
        raise InputError("a model has no surface", got=f"{len(triangles.faces)} faces that are lines")
    colours, parts = _grouped(triangles.colours[kept], _areas(small, faces))
    used, faces = np.unique(faces, return_inverse=True)
    return Mesh(
        vertices=_fitted(small[used], faces.reshape(-1, 3), size).astype(np.float32),
        faces=faces.reshape(-1, 3).astype(np.int32),
        parts=parts.astype(np.uint8),
        colours=np.rint(colours * 255).astype(np.uint8),
    )


def _fitted(vertices: Vertices, faces: Faces, size: Float[np.ndarray, " 3"]) -> Vertices:
    """Stretched along each axis: the box around the faces has ``size`` and its middle at the origin."""
    corners = vertices[np.unique(faces)]
    low, high = corners.min(axis=0), corners.max(axis=0)
    flat = high - low < 1e-9 * max(float((high - low).max()), 1e-9)
    stretch = np.where(flat, 1.0, size / np.where(flat, 1.0, high - low))
    return (vertices - (low + high) / 2) * stretch


def _simplified(vertices: Vertices, faces: Faces, *, longest: float) -> Merged:
    """Fewer vertices, at most `MAX_TRIANGLES` faces, and which faces of before they are."""
    small, left, kept = _merged(vertices, faces, cell=longest / GRIDS[0])
    for cells in GRIDS[1:]:
        if len(left) <= MAX_TRIANGLES:
            return small, left, kept
        small, left, kept = _merged(vertices, faces, cell=longest / cells)
    largest = np.sort(np.argsort(-_areas(small, left), kind="stable")[:MAX_TRIANGLES])
    return small, left[largest], kept[largest]


def _merged(vertices: Vertices, faces: Faces, *, cell: float) -> Merged:
    """Vertices one a cell, the faces that are left, and which faces of before they are."""
    places = np.floor((vertices - vertices.min(axis=0)) / cell).astype(np.int64)
    _, cells, counts = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    cells = cells.reshape(-1)
    merged = np.stack([np.bincount(cells, vertices[:, axis]) / counts for axis in range(3)], axis=1)
    small = cells[faces]
    is_whole = (small[:, 0] != small[:, 1]) & (small[:, 1] != small[:, 2]) & (small[:, 2] != small[:, 0])
    is_whole[is_whole] = _areas(merged, small[is_whole]) > 1e-4 * cell * cell
    kept = np.flatnonzero(is_whole)
    _, first = np.unique(np.sort(small[kept], axis=1), axis=0, return_index=True)
    kept = kept[np.sort(first)]
    return merged, small[kept], kept


def _areas(vertices: Vertices, faces: Faces) -> Float[np.ndarray, " faces"]:
    first, second, third = (vertices[faces[:, corner]] for corner in range(3))
    return np.linalg.norm(np.cross(second - first, third - first), axis=1) / 2


def _grouped(
    colours: Float[np.ndarray, "faces 3"], areas: Float[np.ndarray, " faces"]
) -> tuple[Float[np.ndarray, "parts 3"], Int[np.ndarray, " faces"]]:
    """At most `MAX_COLOURS` colours, each the mean by area of those nearest to it (k-means)."""
    distinct, rows = np.unique(np.rint(colours * 255) / 255, axis=0, return_inverse=True)
    rows = rows.reshape(-1)
    weights = np.bincount(rows, areas)
    centres = distinct[[int(np.argmax(weights))]]
    while len(centres) < min(MAX_COLOURS, len(distinct)):
        away = _distances(distinct, centres).min(axis=1) * weights
        centres = np.concatenate([centres, distinct[[int(np.argmax(away))]]])
    nearest = _distances(distinct, centres).argmin(axis=1)
    for _ in range(ROUNDS):
        for group in np.unique(nearest).tolist():
            members = nearest == group
            centres[group] = np.average(distinct[members], axis=0, weights=weights[members] + 1e-12)
        nearest = _distances(distinct, centres).argmin(axis=1)
    groups, nearest = np.unique(nearest, return_inverse=True)
    return centres[groups], nearest.reshape(-1)[rows]


def _distances(
    colours: Float[np.ndarray, "colours 3"], centres: Float[np.ndarray, "centres 3"]
) -> Float[np.ndarray, "colours centres"]:
    return np.square(colours[:, None] - centres).sum(axis=2)
