"""The jointed doll: its bones, joints, body parts and 17 keypoints, and where they are in a pose.

Lengths are in units of the doll's size (`unio.playroom.things.SIZES`). Its own axes are x forward, y to its
left, z up, from the middle of its hips. The keypoints are those of COCO, in COCO's order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from jaxtyping import Float

from unio.playroom.rotations import quaternion_matrix, turn

__all__ = [
    "BONES",
    "JOINT_LIMITS",
    "KEYPOINTS",
    "PARTS",
    "SKELETON",
    "Bone",
    "Paint",
    "Part",
    "bone_frames",
    "doll_bounds",
    "doll_keypoints",
]

Paint = Literal["shirt", "skin", "trousers", "dark"]
Point = tuple[float, float, float]
Frame = tuple[Float[np.ndarray, "3 3"], Float[np.ndarray, " 3"]]

_FORWARD: Point = (1.0, 0.0, 0.0)
_LEFT: Point = (0.0, 1.0, 0.0)
_UP: Point = (0.0, 0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class Bone:
    """A stiff piece: it hangs at ``offset`` of its ``parent``, turned by hinges about ``axes`` in order."""

    name: str
    parent: str | None
    offset: Point
    axes: tuple[Point, ...] = ()
    limits: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """A capsule of a bone from ``start`` to ``end`` (a ball if they are one) of ``radius``."""

    bone: str
    start: Point
    end: Point
    radius: float
    paint: Paint


def _arm(side: str, sign: float) -> tuple[Bone, ...]:
    raised = (0.1, 2.6) if sign > 0 else (-2.6, -0.1)
    return (
        Bone(
            name=f"{side} upper arm",
            parent="torso",
            offset=(0, sign * 0.42, 0.95),
            axes=(_LEFT, _FORWARD),
            limits=((-1.6, 0.8), raised),
        ),
        Bone(
            name=f"{side} forearm",
            parent=f"{side} upper arm",
            offset=(0, 0, -0.55),
            axes=(_LEFT,),
            limits=((-1.9, 0.0),),
        ),
    )


def _leg(side: str, sign: float) -> tuple[Bone, ...]:
    spread = (0.0, 0.5) if sign > 0 else (-0.5, 0.0)
    return (
        Bone(
            name=f"{side} thigh",
            parent="torso",
            offset=(0, sign * 0.17, 0),
            axes=(_LEFT, _FORWARD),
            limits=((-1.0, 0.4), spread),
        ),
        Bone(
            name=f"{side} shin",
            parent=f"{side} thigh",
            offset=(0, 0, -0.62),
            axes=(_LEFT,),
            limits=((0.0, 1.2),),
        ),
    )


BONES: tuple[Bone, ...] = (
    Bone(name="torso", parent=None, offset=(0, 0, 0)),
    Bone(
        name="head",
        parent="torso",
        offset=(0, 0, 1.15),
        axes=(_UP, _LEFT),
        limits=((-0.7, 0.7), (-0.3, 0.3)),
    ),
    *_arm("left", 1.0),
    *_arm("right", -1.0),
    *_leg("left", 1.0),
    *_leg("right", -1.0),
)
"""Parents stand before their children."""

JOINT_LIMITS: tuple[tuple[float, float], ...] = tuple(limit for bone in BONES for limit in bone.limits)
"""Least and greatest angle of each hinge, in radians, in the order of `unio.playroom.Thing.joints`."""


def _limbs(side: str, sign: float) -> tuple[Part, ...]:
    return (
        Part(
            bone="head",
            start=(0.33, sign * 0.14, 0.46),
            end=(0.33, sign * 0.14, 0.46),
            radius=0.075,
            paint="dark",
        ),
        Part(
            bone="head", start=(0, sign * 0.37, 0.38), end=(0, sign * 0.37, 0.38), radius=0.09, paint="skin"
        ),
        Part(bone=f"{side} upper arm", start=(0, 0, 0), end=(0, 0, -0.55), radius=0.13, paint="shirt"),
        Part(bone=f"{side} forearm", start=(0, 0, 0), end=(0, 0, -0.5), radius=0.11, paint="skin"),
        Part(bone=f"{side} thigh", start=(0, 0, 0), end=(0, 0, -0.62), radius=0.16, paint="trousers"),
        Part(bone=f"{side} shin", start=(0, 0, 0), end=(0, 0, -0.6), radius=0.13, paint="trousers"),
        Part(bone=f"{side} shin", start=(0, 0, -0.6), end=(0.2, 0, -0.63), radius=0.12, paint="dark"),
    )


_BONE_ORDER = {bone.name: place for place, bone in enumerate(BONES)}

_UNSORTED = (
    Part(bone="torso", start=(0, 0, 0.05), end=(0, 0, 0.85), radius=0.28, paint="shirt"),
    Part(bone="torso", start=(0, -0.3, 0.95), end=(0, 0.3, 0.95), radius=0.17, paint="shirt"),
    Part(bone="head", start=(0, 0, 0.38), end=(0, 0, 0.38), radius=0.38, paint="skin"),
    Part(bone="head", start=(0.39, 0, 0.33), end=(0.39, 0, 0.33), radius=0.06, paint="shirt"),
    *_limbs("left", 1.0),
    *_limbs("right", -1.0),
)
PARTS: tuple[Part, ...] = tuple(sorted(_UNSORTED, key=lambda part: _BONE_ORDER[part.bone]))
"""In the order of their bones, which is the order of their geoms in MuJoCo."""

KEYPOINTS: dict[str, tuple[str, Point]] = {
    "nose": ("head", (0.39, 0, 0.33)),
    "left eye": ("head", (0.33, 0.14, 0.46)),
    "right eye": ("head", (0.33, -0.14, 0.46)),
    "left ear": ("head", (0, 0.37, 0.38)),
    "right ear": ("head", (0, -0.37, 0.38)),
    "left shoulder": ("left upper arm", (0, 0, 0)),
    "right shoulder": ("right upper arm", (0, 0, 0)),
    "left elbow": ("left forearm", (0, 0, 0)),
    "right elbow": ("right forearm", (0, 0, 0)),
    "left wrist": ("left forearm", (0, 0, -0.5)),
    "right wrist": ("right forearm", (0, 0, -0.5)),
    "left hip": ("left thigh", (0, 0, 0)),
    "right hip": ("right thigh", (0, 0, 0)),
    "left knee": ("left shin", (0, 0, 0)),
    "right knee": ("right shin", (0, 0, 0)),
    "left ankle": ("left shin", (0, 0, -0.6)),
    "right ankle": ("right shin", (0, 0, -0.6)),
}
"""Each keypoint's bone and its place there."""

SKELETON: tuple[tuple[int, int], ...] = (
    *((15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9)),
    *((8, 10), (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6)),
)
"""Pairs of keypoints that a drawing joins, as in COCO."""


def bone_frames(
    joints: Sequence[float],
) -> dict[str, tuple[Float[np.ndarray, "3 3"], Float[np.ndarray, " 3"]]]:
    """Each bone's rotation (columns are its axes) and origin in the doll's own axes, for hinge angles."""
    frames: dict[str, Frame] = {}
    angles = iter(joints)
    for bone in BONES:
        rotation, origin = frames[bone.parent] if bone.parent else (np.eye(3), np.zeros(3))
        origin = origin + rotation @ np.asarray(bone.offset)
        for axis in bone.axes:
            rotation = rotation @ quaternion_matrix(turn(axis, next(angles)))
        frames[bone.name] = rotation, origin
    return frames


def doll_keypoints(joints: Sequence[float]) -> Float[np.ndarray, "17 3"]:
    """The keypoints in the doll's own axes, in units of its size."""
    frames = bone_frames(joints)
    return np.stack(
        [frames[bone][1] + frames[bone][0] @ np.asarray(place) for bone, place in KEYPOINTS.values()]
    )


@cache
def doll_bounds(joints: tuple[float, ...]) -> tuple[Point, Point]:
    """Lowest and highest x, y and z that any part reaches, in the doll's own axes and units of its size."""
    frames = bone_frames(joints)
    ends: list[Float[np.ndarray, " 3"]] = []
    for part in PARTS:
        rotation, origin = frames[part.bone]
        for place in (part.start, part.end):
            middle = origin + rotation @ np.asarray(place)
            ends += [middle - part.radius, middle + part.radius]
    (x1, y1, z1), (x2, y2, z2) = np.min(ends, axis=0).tolist(), np.max(ends, axis=0).tolist()
    return (x1, y1, z1), (x2, y2, z2)
