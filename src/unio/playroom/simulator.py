"""`Simulator`: a scene's things in MuJoCo, to be looked at, stepped and measured."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.playroom.bodies import compile_model, load_mujoco
from unio.playroom.things import Thing

__all__ = ["Simulator"]

_FAR = 10.0


class Simulator:
    """A scene's things in MuJoCo: body and geom ``i + 1`` are thing ``i``. Not for two threads at once."""

    def __init__(self, things: Sequence[Thing], *, with_pusher: bool = False) -> None:
        self.mujoco: Any = load_mujoco()
        self.things = tuple(things)
        parts = tuple((thing.shape, thing.size, thing.material) for thing in things)
        self.model: Any = compile_model(parts, with_pusher)
        self.data: Any = self.mujoco.MjData(self.model)
        self.data.qpos[: 7 * len(things)] = np.array(
            [(*thing.position, *thing.rotation) for thing in things], dtype=np.float64
        ).reshape(-1)
        self.mujoco.mj_kinematics(self.model, self.data)

    @property
    def masses(self) -> Float[np.ndarray, " things"]:
        """What each thing weighs, in kg."""
        return np.array(self.model.body_mass[1 : len(self.things) + 1], dtype=np.float64)

    def step(self) -> None:
        """Let one `TIMESTEP` pass."""
        self.mujoco.mj_step(self.model, self.data)

    def things_now(self) -> tuple[Thing, ...]:
        """The things where they are now."""
        states: list[list[float]] = self.data.qpos[: 7 * len(self.things)].reshape(-1, 7).tolist()
        return tuple(
            thing.moved((x, y, z), (a, b, c, d))
            for thing, (x, y, z, a, b, c, d) in zip(self.things, states, strict=True)
        )

    def gap(self, first: int, second: int) -> float:
        """Metres of air between two things, negative where they press into each other."""
        ends = np.zeros(6)
        return float(self.mujoco.mj_geomDistance(self.model, self.data, first + 1, second + 1, _FAR, ends))
