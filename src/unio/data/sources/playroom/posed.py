"""Records of things in space: a doll's keypoints, and the cuboid of what an expression means.

Dolls are of the full world, whichever world the source is of.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.sources.playroom.views import Setting, still_view
from unio.data.tasks.cuboid_tokens import Cuboid
from unio.playroom import Camera, Thing, sample_full_scene
from unio.playroom.language import referring

__all__ = ["cuboid_of", "cuboid_record", "keypoints_record", "seen_cuboid", "turned_to_viewer"]

_FEWEST_KNOWN = 8
_ROUND = ("ball", "cylinder", "capsule", "cone", "ring", "bowl")
"""Shapes that look the same however they are turned about their own z; a ball, about any axis."""
_OTHER_AXES = np.diag([1.0, -1.0, -1.0])
"""From the playroom's camera axes (x right, y up, z backwards) to the task's (y down, z forward)."""


def keypoints_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """A picture with a doll, its box and its 17 keypoints.

    Known are those at whose place the picture shows the doll, be it a part of it that is before them; what
    another thing hides is not. None where no doll is there or fewer than eight are known.
    """
    del rng
    setting = replace(setting, world="full")
    scene = sample_full_scene(setting.seed, setting.split)
    dolls = [index for index, thing in enumerate(scene.things) if thing.shape == "doll"]
    if not dolls:
        return None
    view = still_view(setting)
    places = scene.camera.project(scene.things[dolls[0]].keypoints())
    points = places.points * setting.size
    rows, columns = np.clip(points.astype(int), 0, setting.size - 1).T
    known = places.inside & (view.frame.ids[rows, columns] == dolls[0])
    if known.sum() < _FEWEST_KNOWN:
        return None
    box = view.frame.boxes()[dolls[0]] * setting.size
    return {"image": view.frame.rgb, "box": box, "points": points, "known": known}


def cuboid_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """A picture, an expression, and the cuboid in space of what it means."""
    view = still_view(setting)
    reference = referring(view.sight, rng)
    if reference is None:
        return None
    camera = view.scene.camera
    return {
        "image": view.frame.rgb,
        "expression": reference.text,
        "cuboid": cuboid_of(view.scene.things[reference.index], camera),
        "focal": setting.size / (2 * camera.half_width),
    }


def cuboid_of(thing: Thing, camera: Camera) -> Cuboid:
    """The tightest box along a thing's own axes, in the frame of the camera that sees it.

    What is round is turned about its axis until its own x leads as far towards the viewer as it can, so that
    things that look the same have the same cuboid.
    """
    axes = thing.rotation_matrix
    if thing.shape in _ROUND:
        axis = np.array([0.0, 0.0, 1.0]) if thing.shape == "ball" else axes[:, 2]
        axes = turned_to_viewer(axes, axis=axis, position=thing.position, camera=camera)
    low, high = thing.bounds
    centre = thing.position + thing.rotation_matrix @ (low + high) / 2
    return seen_cuboid(centre, size=high - low, axes=axes, camera=camera)


def seen_cuboid(
    centre: Float[np.ndarray, " 3"],
    *,
    size: Float[np.ndarray, " 3"],
    axes: Float[np.ndarray, "3 3"],
    camera: Camera,
) -> Cuboid:
    """A box of the world, ``axes`` its own axes as columns, in the frame of a camera."""
    to_camera = _OTHER_AXES @ camera.rotation.T
    return Cuboid(centre=to_camera @ (centre - camera.position), size=size, rotation=to_camera @ axes)


def turned_to_viewer(
    axes: Float[np.ndarray, "3 3"],
    *,
    axis: Float[np.ndarray, " 3"],
    position: tuple[float, float, float],
    camera: Camera,
) -> Float[np.ndarray, "3 3"]:
    """The axes of something round about ``axis``, its own x as far towards the viewer as it can be turned."""
    towards = camera.position - np.asarray(position)
    ahead = towards - (towards @ axis) * axis
    length = float(np.linalg.norm(ahead))
    if length < 1e-6:  # seen exactly along its axis: every turn looks the same
        return axes
    ahead = ahead / length
    return np.stack([ahead, np.cross(axis, ahead), axis], axis=1)
