"""The things of the playroom: their shapes, colours, materials and sizes, and which are held out."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.playroom.rotations import quaternion_matrix

__all__ = [
    "COLOURS",
    "MATERIALS",
    "SHAPES",
    "SIZES",
    "Colour",
    "Material",
    "Shape",
    "Size",
    "Thing",
    "is_novel",
]

Shape = Literal["ball", "box", "cylinder", "capsule", "cone"]
Colour = Literal["red", "orange", "yellow", "green", "cyan", "blue", "purple", "black"]
Material = Literal["rubber", "wood", "metal", "glass"]
Size = Literal["small", "large"]

SHAPES: tuple[Shape, ...] = get_args(Shape)
MATERIALS: tuple[Material, ...] = get_args(Material)

COLOURS: dict[Colour, tuple[float, float, float]] = {
    "red": (0.86, 0.13, 0.14),
    "orange": (0.97, 0.50, 0.09),
    "yellow": (0.96, 0.84, 0.16),
    "green": (0.18, 0.63, 0.24),
    "cyan": (0.16, 0.76, 0.80),
    "blue": (0.15, 0.28, 0.84),
    "purple": (0.56, 0.20, 0.74),
    "black": (0.13, 0.13, 0.15),
}
"""Each colour's name and its display RGB, each channel in 0..1."""

SIZES: dict[Size, float] = {"small": 0.051, "large": 0.087}
"""Each size's name and the radius, in metres, of a ball of that size."""

_PROPORTIONS: dict[Shape, tuple[float, float, float]] = {
    "ball": (1.0, 1.0, 1.0),
    "box": (0.86, 0.86, 0.86),
    "cylinder": (0.82, 0.82, 0.92),
    "capsule": (0.62, 0.62, 1.26),
    "cone": (1.0, 1.0, 1.05),
}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing and where it is.

    ``position`` (x, y, z) in metres is the middle of the thing; the floor is z = 0 and up is +z.
    ``rotation`` is a unit quaternion (w, x, y, z) that carries the thing's own axes to the world's.
    A cylinder's, capsule's and cone's axis is its own z.

    Example::

        Thing(shape="ball", colour="red", material="rubber", size="large", position=(0, 0, 0.085)).name
        # "large red rubber ball"
    """

    shape: Shape
    colour: Colour
    material: Material
    size: Size
    position: tuple[float, float, float]
    rotation: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        for kind, value, known in (
            ("shape", self.shape, SHAPES),
            ("colour", self.colour, tuple(COLOURS)),
            ("material", self.material, MATERIALS),
            ("size", self.size, tuple(SIZES)),
        ):
            if value not in known:
                raise InputError(f"unknown {kind}", got=repr(value), expected=f"one of {', '.join(known)}")

    @property
    def name(self) -> str:
        """Size, colour, material and shape, such as "large red rubber ball"."""
        return f"{self.size} {self.colour} {self.material} {self.shape}"

    @property
    def half_extents(self) -> tuple[float, float, float]:
        """Half the lengths of the tightest box around the thing, along its own axes, in metres."""
        x, y, z = (part * SIZES[self.size] for part in _PROPORTIONS[self.shape])
        return x, y, z

    @cached_property
    def rotation_matrix(self) -> Float[np.ndarray, "3 3"]:
        """``rotation`` as a matrix whose columns are the thing's own axes in the world."""
        return quaternion_matrix(self.rotation)

    def corners(self) -> Float[np.ndarray, "8 3"]:
        """World positions of the corners of the tightest box around the thing (its cuboid).

        Corner ``i`` lies on the positive side of x if bit 2 of ``i`` is set, of y for bit 1, of z for bit 0.
        """
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
        return self.position + (signs * self.half_extents) @ self.rotation_matrix.T

    def moved(
        self,
        position: tuple[float, float, float],
        rotation: tuple[float, float, float, float] | None = None,
    ) -> "Thing":
        """The same thing elsewhere."""
        return replace(self, position=position, rotation=self.rotation if rotation is None else rotation)


def is_novel(colour: Colour, shape: Shape, material: Material) -> bool:
    """Whether the combination is held out: never in ``train`` or ``test``, in every ``novel`` scene.

    One in eight is. Every pair of a shape and a material holds out exactly one colour, so that each
    word and each pair of words is still seen in training, only never these three together.
    """
    place = list(COLOURS).index(colour)
    return (place + 2 * SHAPES.index(shape) + 3 * MATERIALS.index(material)) % len(COLOURS) == 0
