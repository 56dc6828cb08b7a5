"""Records of the camera's change of pose between two views of a resting scene."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from unio.core import random_stream
from unio.data.sources.playroom.views import Setting, View, look, still_view
from unio.playroom import Camera

__all__ = ["camera_record", "draw_second_camera", "move_between", "view_synthesis_record"]

_FURTHEST_TURN = 75.0
_ELEVATIONS = (25.0, 55.0)
_DISTANCES = (1.05, 1.25)
_FEWEST_THINGS = 2


def camera_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """Two views of a scene with at least two things in both, and how the camera got from one to the other.

    Polar angles grow downwards from the zenith, azimuths turn about the vertical; one thing alone, which may
    be a ball, would not tell by how much.
    """
    del rng  # one move a scene, so that its second view is rendered once
    first, second = still_view(setting), _second_view(setting)
    if min(len(first.sight), len(second.sight)) < _FEWEST_THINGS:
        return None
    return {
        "image_history": (first.frame.rgb,),
        "image": second.frame.rgb,
        "pose": move_between(first.scene.camera, second.scene.camera),
    }


def view_synthesis_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """The first of `camera_record`'s views, the camera's move, and the second one to be drawn."""
    record = camera_record(setting, rng)
    if record is None:
        return None
    return {"image": record["image_history"][0], "pose": record["pose"], "picture": record["image"]}


def move_between(before: Camera, after: Camera) -> tuple[float, float, float]:
    """Changes of polar angle and azimuth, in radians, and of distance, in metres."""
    turned = math.radians((after.azimuth - before.azimuth + 180) % 360 - 180)
    return math.radians(before.elevation - after.elevation), turned, after.distance - before.distance


def draw_second_camera(first: Camera, rng: np.random.Generator) -> Camera:
    """Another place to look from, up to 75 degrees around."""
    return Camera(
        azimuth=(first.azimuth + float(rng.uniform(-_FURTHEST_TURN, _FURTHEST_TURN))) % 360,
        elevation=float(rng.uniform(*_ELEVATIONS)),
        distance=float(rng.uniform(*_DISTANCES)),
    )


@lru_cache(maxsize=16)
def _second_view(setting: Setting) -> View:
    first = still_view(setting).scene
    rng = random_stream(setting.seed, "playroom", "second view", setting.split)
    return look(first, setting.size, camera=draw_second_camera(first.camera, rng))
