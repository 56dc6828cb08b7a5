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

from unio.core import MissingExtraError
from unio.playroom.pieces import add_shape
from unio.playroom.things import SIZES, Material, Shape, Size

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

_ANGULAR = ("box", "pyramid", "doll")
"""Shapes that never roll."""

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
    """The ``mujoco`` package. Raises ``MissingExtraError`` if it is not installed.

    Its warnings would be written to a file in the working directory; `Simulator.is_stable` tells of them.
    """
    try:
        mujoco: Any = importlib.import_module("mujoco")
    except ImportError as error:
        raise MissingExtraError("mujoco", extra="playroom") from error
    mujoco.set_mju_user_warning(_be_quiet)
    return mujoco


def _be_quiet(message: str) -> None:
    del message


def nominal_mass(material: Material, size: Size) -> float:
    """What a ball of the material and size weighs, in kg."""
    return _PHYSICS[material].density * 4 / 3 * math.pi * SIZES[size] ** 3


Part = tuple[Shape, Size, Material]
"""What a body is made from; its place is the simulator's business."""


@lru_cache(maxsize=256)
def compile_model(parts: tuple[Part, ...], with_pusher: bool) -> Any:
    """A compiled model: the floor is geom 0, then the things in order, the pusher (if any) last.

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
        surface = _surface(material)
        add_shape(mujoco, spec, body, name=f"{shape}{index}", shape=shape, size=size, surface=surface)
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
    roots = np.flatnonzero(model.body_parentid == 0)[1:]
    for root, (shape, size, _) in zip(roots.tolist(), parts, strict=False):  # the pusher is one body more
        if shape not in _ANGULAR:
            torque = 1.4 * float(model.body_mass[root]) * SIZES[size] * ROLLING_DECELERATION
            start = int(model.body_dofadr[root])
            model.dof_frictionloss[start + 3 : start + 6] = torque


def _surface(material: Material) -> dict[str, Any]:
    """MuJoCo's fields of a geom made of the material."""
    physics = _PHYSICS[material]
    return {
        "density": physics.density,
        "friction": [physics.friction, 0.005, 0],
        "solref": [physics.contact_time, physics.damping],
        "condim": 3,
    }
