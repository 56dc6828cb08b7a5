"""The things of the playroom: their shapes, colours, materials and sizes, and which are held out."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.playroom.doll import JOINT_LIMITS, doll_bounds, doll_keypoints
from unio.playroom.rotations import quaternion_matrix

__all__ = [
    "ALL_SHAPES",
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
    "proportions",
]

Shape = Literal["ball", "box", "cylinder", "capsule", "cone", "pyramid", "ring", "bowl", "doll"]
Colour = Literal["red", "orange", "yellow", "green", "cyan", "blue", "purple", "black"]
Material = Literal["rubber", "wood", "metal", "glass"]
Size = Literal["small", "large"]

ALL_SHAPES: tuple[Shape, ...] = get_args(Shape)
"""Shapes of the full world."""

SHAPES: tuple[Shape, ...] = ALL_SHAPES[:5]
"""Shapes of the first world, on which `unio-nano` is trained."""

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
    "pyramid": (0.95, 0.95, 1.0),
    "ring": (1.05, 1.05, 0.28),
    "bowl": (1.6, 1.6, 0.5),
    "doll": (0.44, 0.8, 1.6),  # standing; a pose has bounds of its own
}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing and where it is.

    ``position`` (x, y, z) in metres is the middle of the thing; the floor is z = 0 and up is +z.
    ``rotation`` is a unit quaternion (w, x, y, z) that carries the thing's own axes to the world's.
    A cylinder's, capsule's, cone's, pyramid's, ring's and bowl's axis is its own z. A doll's ``position`` is
    the middle of its hips, and ``joints`` its hinge angles in radians (`unio.playroom.doll`).

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
    joints: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for kind, value, known in (
            ("shape", self.shape, ALL_SHAPES),
            ("colour", self.colour, tuple(COLOURS)),
            ("material", self.material, MATERIALS),
            ("size", self.size, tuple(SIZES)),
        ):
            if value not in known:
                raise InputError(f"unknown {kind}", got=repr(value), expected=f"one of {', '.join(known)}")
        hinges = len(JOINT_LIMITS) if self.shape == "doll" else 0
        if len(self.joints) != hinges:
            raise InputError(
                f"wrong number of joints for a {self.shape}", got=len(self.joints), expected=hinges
            )

    @property
    def name(self) -> str:
        """Size, colour, material and shape, such as "large red rubber ball"."""
        return f"{self.size} {self.colour} {self.material} {self.shape}"

    @property
    def bounds(self) -> Float[np.ndarray, "2 3"]:
        """The lowest and the highest point of the tightest box around the thing, in metres along its axes."""
        if self.shape == "doll":
            return np.array(doll_bounds(self.joints)) * SIZES[self.size]
        return np.array([[-1.0], [1.0]]) * self.half_extents

    @property
    def half_extents(self) -> tuple[float, float, float]:
        """Half the lengths of the tightest box around the thing, along its own axes, in metres."""
        if self.shape == "doll":
            low, high = self.bounds
            width, depth, height = ((high - low) / 2).tolist()
            return width, depth, height
        return proportions(self.shape, self.size)

    @cached_property
    def rotation_matrix(self) -> Float[np.ndarray, "3 3"]:
        """``rotation`` as a matrix whose columns are the thing's own axes in the world."""
        return quaternion_matrix(self.rotation)

    def corners(self) -> Float[np.ndarray, "8 3"]:
        """World positions of the corners of the tightest box around the thing (its cuboid).

        Corner ``i`` lies on the positive side of x if bit 2 of ``i`` is set, of y for bit 1, of z for bit 0.
        """
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
        if self.shape == "doll":
            low, high = self.bounds
            local = low + (signs + 1) / 2 * (high - low)
            return self.position + local @ self.rotation_matrix.T
        return self.position + (signs * self.half_extents) @ self.rotation_matrix.T

    def keypoints(self) -> Float[np.ndarray, "points 3"]:
        """World positions of a doll's 17 keypoints, in `KEYPOINTS`' order; else none."""
        if self.shape != "doll":
            return np.zeros((0, 3))
        return self.position + (doll_keypoints(self.joints) * SIZES[self.size]) @ self.rotation_matrix.T

    def moved(
        self,
        position: tuple[float, float, float],
        rotation: tuple[float, float, float, float] | None = None,
        joints: tuple[float, ...] | None = None,
    ) -> "Thing":
        """The same thing elsewhere, a doll in another pose if ``joints`` are given."""
        return replace(
            self,
            position=position,
            rotation=self.rotation if rotation is None else rotation,
            joints=self.joints if joints is None else joints,
        )


def proportions(shape: Shape, size: Size) -> tuple[float, float, float]:
    """Half the lengths of a shape's tightest box, in metres; of a doll, as it stands."""
    x, y, z = (part * SIZES[size] for part in _PROPORTIONS[shape])
    return x, y, z


def is_novel(colour: Colour, shape: Shape, material: Material) -> bool:
    """Whether the combination is held out: never in ``train`` or ``test``, in every ``novel`` scene.

    One in eight is. Every pair of a shape and a material holds out exactly one colour, so that each
    word and each pair of words is still seen in training, only never these three together.
    """
    place = list(COLOURS).index(colour)
    return (place + 2 * ALL_SHAPES.index(shape) + 3 * MATERIALS.index(material)) % len(COLOURS) == 0
