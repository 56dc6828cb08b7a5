"""What lies around the things: the floor's pattern and the backdrop it melts into."""

import numpy as np
from jaxtyping import Float32

from unio.playroom.scene import Floor

__all__ = ["Surroundings"]

Light = Float32[np.ndarray, "rays 3"]

_HORIZON = np.array([0.80, 0.84, 0.88], dtype=np.float32)
_ZENITH = np.array([0.42, 0.55, 0.74], dtype=np.float32)
_WINDOWS = np.array([0.62, -0.48, 0.62], dtype=np.float32)
_FADE_START = np.float32(0.75)
_FADE_LENGTH = np.float32(2.2)


class Surroundings:
    """Colours of the floor and the sky, linear RGB."""

    def __init__(self, floor: Floor) -> None:
        self._tone = np.asarray(floor.tone, dtype=np.float32) ** 2
        self._contrast = np.float32(floor.contrast)
        self._tile = np.float32(floor.tile)

    def sky(self, directions: Light) -> Light:
        """The backdrop in unit ``directions``: pale at the horizon, bluer above."""
        height = np.sqrt(np.clip(directions[:, 2:], 0, 1))
        return _HORIZON + (_ZENITH - _HORIZON) * height

    def floor(self, points: Light, light: Float32[np.ndarray, " rays"] | float) -> Light:
        """The floor at ``points`` under ``light``, fading into the horizon's colour far away."""
        tiles = np.floor(points[:, :2] / self._tile).astype(np.int32)
        tiles = (tiles[:, 0] + tiles[:, 1]) & 1
        brightness = (1 - self._contrast * tiles.astype(np.float32)) * light
        distance = np.sqrt(points[:, 0] ** 2 + points[:, 1] ** 2)
        fade = np.clip((distance - _FADE_START) / _FADE_LENGTH, 0, 1)
        fade = (fade * fade * (3 - 2 * fade))[:, None]
        return self._tone * brightness[:, None] * (1 - fade) + _HORIZON * fade

    def seen(self, points: Light, directions: Light, *, light: float) -> Light:
        """What a ray from ``points`` sees if only the floor and the sky are there."""
        down = directions[:, 2] < -1e-4
        colours = self.sky(directions)
        rows = np.flatnonzero(down)
        steps = -points[rows, 2] / directions[rows, 2]
        colours[rows] = self.floor(points[rows] + directions[rows] * steps[:, None], light)
        return colours

    def gleam(self, points: Light, directions: Light) -> Light:
        """Bright windows of the room that polished metal mirrors, close enough to shift with the place.

        They are what tells metal from paint on a flat face, where a distant sky would give one colour.
        """
        place = points @ _WINDOWS * np.float32(7.0) + directions @ _WINDOWS
        wave = np.clip(np.sin(place * np.float32(4.2)) * 2.2 - 0.7, 0, 1)
        return (np.float32(1.15) * wave * wave)[:, None] * _HORIZON
