"""`Mesh`: triangles in a few colours."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32, UInt8

from unio.core import InputError

__all__ = ["MAX_FACES", "MAX_PARTS", "Mesh"]

MAX_FACES = 20_000
MAX_PARTS = 16
"""Limits of what is simulated: rays slow down with the number of triangles and of geoms."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Mesh:
    """A surface. ``faces`` are rows of ``vertices``, in metres; ``parts`` are each face's row of ``colours``.

    Axes: x to the right, y to the back, z up, as whoever stands before the thing sees it. Colours are
    display RGB. Which way round a face lists its corners does not matter.

    Raises ``InputError`` for faces of vertices that are not there, and for what is too large.
    """

    vertices: Float32[np.ndarray, "vertices 3"]
    faces: Int32[np.ndarray, "faces 3"]
    parts: UInt8[np.ndarray, " faces"]
    colours: UInt8[np.ndarray, "parts 3"]

    def __post_init__(self) -> None:
        if not 0 < len(self.faces) <= MAX_FACES:
            raise InputError(
                "a mesh of no faces, or of too many", got=len(self.faces), expected=f"1 to {MAX_FACES:,}"
            )
        if len(self.colours) > MAX_PARTS:
            raise InputError("a mesh of too many colours", got=len(self.colours), expected=MAX_PARTS)
        for name, rows, count in (
            ("corner", self.faces, len(self.vertices)),
            ("colour", self.parts, len(self.colours)),
        ):
            if int(rows.min()) < 0 or int(rows.max()) >= count:
                raise InputError(
                    f"a face has a {name} that is not there", got=int(rows.max()), expected=count
                )
        if not np.isfinite(self.vertices).all():
            raise InputError("a mesh has vertices nowhere", got="nan or infinity", expected="metres")
