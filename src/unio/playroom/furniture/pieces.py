"""`Model`, what a piece of furniture is, and `Piece`, one that stands in a room."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from unio.playroom.furniture.mesh import Mesh
from unio.playroom.rotations import quaternion_matrix, turn
from unio.playroom.things import Material

__all__ = ["Model", "Piece"]

_ROUND = 1.04
"""Largest by smallest width, over all directions, of what counts as round."""

_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A model of a catalogue: its name, its real width, depth and height in metres, and its mesh.

    ``load`` brings the mesh when it is first looked at. The mesh's box has the model's size and its middle
    at the origin.
    """

    name: str
    category: str
    size: tuple[float, float, float]
    load: Callable[[], Mesh]

    @cached_property
    def mesh(self) -> Mesh:
        """The surface. Raises as ``load`` does."""
        return self.load()

    @cached_property
    def is_round(self) -> bool:
        """Whether, from straight above, it is about as wide in every direction: then no turn can be told."""
        angles = np.arange(12) * (np.pi / 12)
        shadow = self.mesh.vertices[:, :2] @ np.stack([np.cos(angles), np.sin(angles)])
        widths = shadow.max(axis=0) - shadow.min(axis=0)
        return bool(widths.max() <= _ROUND * widths.min())


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """A model in a room, ``scale`` times its real size, turned by ``angle`` radians about the vertical.

    ``position`` is the middle of its box in metres of the room.
    """

    model: Model
    scale: float
    position: tuple[float, float, float]
    angle: float

    @property
    def material(self) -> Material:
        """Matte: what a mesh is made of is not known."""
        return "rubber"

    @property
    def half_extents(self) -> tuple[float, float, float]:
        """Half the lengths of its box, along its own axes, in metres of the room."""
        width, depth, height = self.model.size
        return width / 2 * self.scale, depth / 2 * self.scale, height / 2 * self.scale

    @property
    def rotation(self) -> tuple[float, float, float, float]:
        """The turn from its own axes to the room's, as a quaternion (w, x, y, z)."""
        return turn((0, 0, 1), self.angle)

    @cached_property
    def rotation_matrix(self) -> Float[np.ndarray, "3 3"]:
        """Columns are its own axes in the room."""
        return quaternion_matrix(self.rotation)

    def corners(self) -> Float[np.ndarray, "8 3"]:
        """Where the corners of its box are, in the order of `unio.playroom.Thing.corners`."""
        return self.position + (_CORNERS * self.half_extents) @ self.rotation_matrix.T
