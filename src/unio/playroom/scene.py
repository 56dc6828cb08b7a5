"""A scene: things on a floor, a light and a camera. Plain values, equal when their parts are equal."""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.playroom.camera import Camera
from unio.playroom.things import Thing

__all__ = ["SPLITS", "Floor", "Light", "Scene", "Split", "check_split"]

Split = Literal["train", "test", "novel"]
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True, kw_only=True)
class Light:
    """A lamp far above the floor; ``azimuth`` and ``elevation`` in degrees as in `Camera`."""

    azimuth: float
    elevation: float
    distance: float = 4.0

    @property
    def position(self) -> Float[np.ndarray, " 3"]:
        """The lamp's place in the world, in metres."""
        azimuth, elevation = math.radians(self.azimuth), math.radians(self.elevation)
        flat = self.distance * math.cos(elevation)
        return np.array(
            [flat * math.cos(azimuth), flat * math.sin(azimuth), self.distance * math.sin(elevation)]
        )


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The floor's look: ``tone`` is its RGB in 0..1, ``tile`` the side of a checker tile in metres.

    ``contrast`` is how much darker every other tile is; 0 makes a plain floor.
    """

    tone: tuple[float, float, float] = (0.74, 0.72, 0.69)
    contrast: float = 0.0
    tile: float = 0.2


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Things on a floor, seen by a camera. ``seed`` and ``split`` tell where the scene came from."""

    seed: int
    split: Split
    things: tuple[Thing, ...]
    camera: Camera
    light: Light
    floor: Floor = Floor()

    def replace(self, **changes: Any) -> "Scene":
        """A copy with some fields changed."""
        return replace(self, **changes)

    def thing(self, index: int) -> Thing:
        """The thing at ``index``. Raises ``InputError`` if there is none."""
        if not 0 <= index < len(self.things):
            raise InputError(
                "no such thing in the scene", got=f"index {index}", expected=f"0 to {len(self.things) - 1}"
            )
        return self.things[index]


def check_split(split: str) -> Split:
    """``split`` itself. Raises ``InputError`` if it is none of the three."""
    for known in SPLITS:
        if split == known:
            return known
    raise InputError("unknown split", got=repr(split), expected=f"one of {', '.join(SPLITS)}")
