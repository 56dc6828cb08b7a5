"""Things as MuJoCo bodies: what they weigh, how they rub and bounce, and the compiled model.

MuJoCo is imported on first use, so that `unio.playroom` costs nothing until a scene is rendered.
"""

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.core import MissingExtraError
from unio.playroom.things import SIZES, Material, Shape, Size, Thing

__all__ = [
    "PUSHER_HALF_LENGTH",
    "PUSHER_RADIUS",
    "ROLLING_DECELERATION",
    "TIMESTEP",
    "Part",
    "compile_model",
    "load_mujoco",
    "nominal_mass",
]

TIMESTEP = 0.002
"""Seconds of one physics step."""

PUSHER_RADIUS = 0.02
PUSHER_HALF_LENGTH = 0.05
"""The pusher is a lying bar, a capsule of this radius and half length in metres."""

_CONE_SIDES = 40
ROLLING_DECELERATION = 0.6
"""m/s^2: the floor is a carpet, a ball stops after a while."""


@dataclass(frozen=True, kw_only=True)
class _Physics:
    """How a material weighs, rubs and bounces: kg/m^3, friction, contact time in s, damping ratio."""

    density: float
    friction: float
    contact_time: float
    damping: float


_PHYSICS: dict[Material, _Physics] = {
    "rubber": _Physics(density=1000, friction=0.9, contact_time=0.012, damping=0.25),
    "wood": _Physics(density=700, friction=0.5, contact_time=0.008, damping=0.55),
    "metal": _Physics(density=3000, friction=0.35, contact_time=0.006, damping=0.5),
    "glass": _Physics(density=2000, friction=0.35, contact_time=0.006, damping=0.45),
}


def load_mujoco() -> Any:
    """The ``mujoco`` package. Raises ``MissingExtraError`` if it is not installed."""
    try:
        return importlib.import_module("mujoco")
    except ImportError as error:
        raise MissingExtraError("mujoco", extra="playroom") from error


def nominal_mass(material: Material, size: Size) -> float:
    """What a ball of the material and size weighs, in kg."""
    return _PHYSICS[material].density * 4 / 3 * math.pi * SIZES[size] ** 3


Part = tuple[Shape, Size, Material]
"""What a body is made from; its place is the simulator's business."""


@lru_cache(maxsize=256)
def compile_model(parts: tuple[Part, ...], with_pusher: bool) -> Any:
    """A compiled model: geom 0 is the floor, geom ``i + 1`` thing ``i``, the pusher (if any) last.

    Models are cached by what they hold, never by where things are: the frames of an episode, the
    views and the recoloured copies of a scene share one.
    """
    mujoco = load_mujoco()
    spec = mujoco.MjSpec()
    spec.option.timestep = TIMESTEP
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC  # one force a contact, along its normal
    spec.memory = 1 << 20
    geom_type = mujoco.mjtGeom
    spec.worldbody.add_geom(
        type=geom_type.mjGEOM_PLANE, size=[0, 0, 1], group=1, solmix=1e-3, friction=[0.3, 0.005, 0]
    )
    for index, (shape, size, material) in enumerate(parts):
        body = spec.worldbody.add_body()
        body.add_freejoint()
        _add_geom(spec, body, index, shape, size, material)
    if with_pusher:
        body = spec.worldbody.add_body(mocap=True)
        body.add_geom(
            type=geom_type.mjGEOM_CAPSULE,
            size=[PUSHER_RADIUS, PUSHER_HALF_LENGTH, 0],
            group=2,
            friction=[0.2, 0.005, 0],
        )
    model = spec.compile()
    _resist_rolling(model, parts)
    return model


def _resist_rolling(model: Any, parts: Sequence[Part]) -> None:
    """Give round things a constant torque against turning.

    MuJoCo's own rolling friction, strong enough to stop a ball, makes it hop on its soft contact; a
    friction loss in the joint does not. A rolling ball needs 7/5 m r a to slow down at a, of which the
    floor's grip does the linear part.
    """
    for index, (shape, size, _) in enumerate(parts):
        if shape != "box":
            torque = 1.4 * float(model.body_mass[index + 1]) * SIZES[size] * ROLLING_DECELERATION
            model.dof_frictionloss[6 * index + 3 : 6 * index + 6] = torque


def _add_geom(spec: Any, body: Any, index: int, shape: Shape, size: Size, material: Material) -> None:
    geom_type = load_mujoco().mjtGeom
    half = Thing(shape=shape, colour="red", material=material, size=size, position=(0, 0, 0)).half_extents
    physics = _PHYSICS[material]
    surface = {
        "density": physics.density,
        "friction": [physics.friction, 0.005, 0],
        "solref": [physics.contact_time, physics.damping],
        "condim": 3,
    }
    if shape == "cone":
        mesh = f"cone{index}"
        spec.add_mesh(name=mesh, uservert=_cone_vertices(half).reshape(-1))
        body.add_geom(type=geom_type.mjGEOM_MESH, meshname=mesh, **surface)
        return
    kind, sizes = {
        "ball": (geom_type.mjGEOM_SPHERE, [half[0], 0, 0]),
        "box": (geom_type.mjGEOM_BOX, list(half)),
        "cylinder": (geom_type.mjGEOM_CYLINDER, [half[0], half[2], 0]),
        "capsule": (geom_type.mjGEOM_CAPSULE, [half[0], half[2] - half[0], 0]),
    }[shape]
    body.add_geom(type=kind, size=sizes, **surface)


def _cone_vertices(half: tuple[float, float, float]) -> Float[np.ndarray, "vertices 3"]:
    angles = np.arange(_CONE_SIDES) * (2 * math.pi / _CONE_SIDES)
    rim = np.stack(
        [half[0] * np.cos(angles), half[1] * np.sin(angles), np.full(_CONE_SIDES, -half[2])], axis=1
    )
    return np.concatenate([rim, [[0.0, 0.0, half[2]]]])
