"""Shapes as MuJoCo geoms: one for a plain shape, many small ones for a ring, a bowl or a doll."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.playroom.doll import BONES, JOINT_LIMITS, PARTS
from unio.playroom.things import SIZES, Shape, Size, proportions

__all__ = ["BOWL_FLOOR", "add_shape", "bowl_wall_normal"]

Extents = tuple[float, float, float]

_CONE_SIDES = 40
_RING_PIECES = 18
_BOWL_PANELS = 20
_BOWL_BASE = 0.62
"""Radius of a bowl's base by that of its rim."""
BOWL_FLOOR = 0.12
"""Thickness of a bowl's bottom by its height."""
_WALL = 0.045
"""Half the thickness of a bowl's wall by the radius of its rim."""
_LIMP = 2e-4
"""N m s: how much a large doll's joints resist being moved."""


def add_shape(
    mujoco: Any, spec: Any, body: Any, *, name: str, shape: Shape, size: Size, surface: Mapping[str, Any]
) -> None:
    """Give ``body`` the geoms of a shape, and of a doll the bodies and hinges of its limbs.

    ``name`` keeps meshes and bodies of one model apart; ``surface`` are MuJoCo's fields of every geom.
    """
    kinds = mujoco.mjtGeom
    x, y, z = half = proportions(shape, size)
    if shape in ("cone", "pyramid"):
        vertices = _cone_vertices(half) if shape == "cone" else _pyramid_vertices(half)
        spec.add_mesh(name=name, uservert=vertices.reshape(-1))
        body.add_geom(type=kinds.mjGEOM_MESH, meshname=name, **surface)
    elif shape == "ring":
        _add_ring(mujoco, body, half, surface)
    elif shape == "bowl":
        _add_bowl(mujoco, body, half, surface)
    elif shape == "doll":
        _add_doll(mujoco, body, size, surface)
    else:
        kind, sizes = {
            "ball": (kinds.mjGEOM_SPHERE, [x, 0, 0]),
            "box": (kinds.mjGEOM_BOX, [x, y, z]),
            "cylinder": (kinds.mjGEOM_CYLINDER, [x, z, 0]),
            "capsule": (kinds.mjGEOM_CAPSULE, [x, z - x, 0]),
        }[shape]
        body.add_geom(type=kind, size=sizes, **surface)


def bowl_wall_normal(half: Extents) -> tuple[float, float]:
    """The outward normal of a bowl's wall: its part away from the axis and its part up."""
    run, rise = half[0] * (1 - _BOWL_BASE), 2 * half[2]
    length = math.hypot(run, rise)
    return rise / length, -run / length


def _add_ring(mujoco: Any, body: Any, half: Extents, surface: Mapping[str, Any]) -> None:
    """Capsules end to end in a circle."""
    radius, tube = half[0] - half[2], half[2]
    angles = np.arange(_RING_PIECES + 1) * (2 * math.pi / _RING_PIECES)
    corners = np.stack([radius * np.cos(angles), radius * np.sin(angles), np.zeros(len(angles))], axis=1)
    for start, end in pairwise(corners):
        body.add_geom(type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=[*start, *end], size=[tube, 0, 0], **surface)


def _add_bowl(mujoco: Any, body: Any, half: Extents, surface: Mapping[str, Any]) -> None:
    """A round bottom and a wall of slanting boards that overlap at the base."""
    rim, _, half_height = half
    thin = _WALL * rim
    base, bottom = _BOWL_BASE * rim, BOWL_FLOOR * half_height
    body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=[base, bottom, 0],
        pos=[0, 0, bottom - half_height],
        **surface,
    )
    outward, up = bowl_wall_normal(half)
    length = math.hypot(rim - base, 2 * half_height) / 2
    wide = (rim + thin) * math.tan(math.pi / _BOWL_PANELS)
    for number in range(_BOWL_PANELS):
        angle = number * 2 * math.pi / _BOWL_PANELS
        away = np.array([math.cos(angle), math.sin(angle), 0.0])
        normal = away * outward + np.array([0.0, 0.0, up])
        along = np.array([-math.sin(angle), math.cos(angle), 0.0])
        axes = np.stack([normal, along, np.cross(normal, along)], axis=1)
        quaternion = np.zeros(4)
        mujoco.mju_mat2Quat(quaternion, axes.reshape(-1))
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=[thin, wide, length],
            pos=away * (rim + base) / 2 - normal * thin,
            quat=quaternion,
            **surface,
        )


def _add_doll(mujoco: Any, torso: Any, size: Size, surface: Mapping[str, Any]) -> None:
    """Capsules on bones; the limbs pass through each other, so that no pose is stuck."""
    scale = SIZES[size]
    bodies: dict[str, Any] = {"torso": torso}
    for bone in BONES[1:]:
        assert bone.parent is not None, "only the torso, the first bone, hangs on nothing"
        limb = bodies[bone.parent].add_body(pos=np.array(bone.offset) * scale)
        for axis, limits in zip(bone.axes, bone.limits, strict=True):
            limb.add_joint(
                type=mujoco.mjtJoint.mjJNT_HINGE,
                axis=axis,
                limited=True,
                range=np.degrees(limits),
                damping=_LIMP * (scale / SIZES["large"]) ** 5,
                armature=1e-5,
            )
        bodies[bone.name] = limb
    assert sum(len(bone.axes) for bone in BONES) == len(JOINT_LIMITS)
    for part in PARTS:
        start, end = np.array(part.start) * scale, np.array(part.end) * scale
        own = {"size": [part.radius * scale, 0, 0], "contype": 2, **surface}
        if part.start == part.end:
            bodies[part.bone].add_geom(type=mujoco.mjtGeom.mjGEOM_SPHERE, pos=start, **own)
        else:
            bodies[part.bone].add_geom(type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=[*start, *end], **own)


def _cone_vertices(half: Extents) -> Float[np.ndarray, "vertices 3"]:
    angles = np.arange(_CONE_SIDES) * (2 * math.pi / _CONE_SIDES)
    rim = np.stack(
        [half[0] * np.cos(angles), half[1] * np.sin(angles), np.full(_CONE_SIDES, -half[2])], axis=1
    )
    return np.concatenate([rim, [[0.0, 0.0, half[2]]]])


def _pyramid_vertices(half: Extents) -> Float[np.ndarray, "5 3"]:
    x, y, z = half
    return np.array([[x, y, -z], [x, -y, -z], [-x, -y, -z], [-x, y, -z], [0.0, 0.0, z]])
