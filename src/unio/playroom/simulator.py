"""`Simulator`: a scene's things in MuJoCo, to be looked at, stepped and measured."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Float32, Int

from unio.playroom.bodies import compile_model, load_mujoco
from unio.playroom.looks import geom_colours
from unio.playroom.roundness import smooth_normals
from unio.playroom.things import Thing

__all__ = ["Simulator"]

_FAR = 10.0


class Simulator:
    """A scene's things in MuJoCo. Not for two threads at once.

    ``roots[i]`` is the body of thing ``i`` (a doll's torso); ``owners[g]`` is the thing that geom ``g``
    belongs to: -1 for the floor, the number of things for the pusher.
    """

    def __init__(self, things: Sequence[Thing], *, with_pusher: bool = False) -> None:
        self.mujoco: Any = load_mujoco()
        self.things = tuple(things)
        parts = tuple((thing.shape, thing.size, thing.material) for thing in things)
        self.model: Any = compile_model(parts, with_pusher)
        self.data: Any = self.mujoco.MjData(self.model)
        top_bodies = np.flatnonzero(self.model.body_parentid == 0)[1:]  # body 0, the world, is its own parent
        self.roots: Int[np.ndarray, " things"] = top_bodies[: len(things)]
        owner_of_body = np.full(self.model.nbody, -1, dtype=np.int32)
        owner_of_body[top_bodies] = np.arange(len(top_bodies), dtype=np.int32)
        self.owners: Int[np.ndarray, " geoms"] = owner_of_body[self.model.body_rootid[self.model.geom_bodyid]]
        self._widths = [7 + len(thing.joints) for thing in things]
        self.data.qpos[: sum(self._widths)] = np.concatenate(
            [(*thing.position, *thing.rotation, *thing.joints) for thing in things] or [()]
        )
        self.mujoco.mj_kinematics(self.model, self.data)

    @property
    def masses(self) -> Float[np.ndarray, " things"]:
        """What each thing weighs, in kg."""
        return np.array(self.model.body_subtreemass[self.roots], dtype=np.float64)

    @property
    def is_stable(self) -> bool:
        """Whether no number ran away so far.

        Where one does, which is rare, MuJoCo warns, puts every thing back to its model's own place and goes
        on: what is seen from then on did not happen.
        """
        kinds = self.mujoco.mjtWarning
        bad = (kinds.mjWARN_BADQPOS, kinds.mjWARN_BADQVEL, kinds.mjWARN_BADQACC)
        return not any(int(self.data.warning[int(kind)].number) for kind in bad)

    def geom_colours(self) -> Float32[np.ndarray, "geoms 3"]:
        """Display RGB, 0..1, of each geom; zeros for what is no thing."""
        return geom_colours(self.things, self.owners)

    def refine_normals(
        self,
        origin: Float[np.ndarray, " 3"],
        directions: Float[np.ndarray, "rays 3"],
        *,
        ids: Int[np.ndarray, " rays"],
        distance: Float[np.ndarray, " rays"],
        normals: Float[np.ndarray, "rays 3"],
    ) -> None:
        """Replace, in place, the normals on round things, which are made of straight pieces."""
        smooth_normals(
            self.things,
            self.data,
            self.roots,
            origin=origin,
            directions=directions,
            ids=ids,
            distance=distance,
            normals=normals,
        )

    def place_of(self, index: int) -> int:
        """Where a thing's position begins in MuJoCo's ``qpos``."""
        return sum(self._widths[:index])

    def motion_of(self, index: int) -> int:
        """Where a thing's velocity begins in MuJoCo's ``qvel``: one number less a thing than ``qpos``."""
        return sum(self._widths[:index]) - index

    def hold(self, indices: Iterable[int]) -> None:
        """Let nothing pull at these things, until they are released."""
        gravity = -self.model.opt.gravity[2]
        for index in indices:
            for body in np.flatnonzero(self.model.body_rootid == self.roots[index]):
                self.data.xfrc_applied[body, 2] = self.model.body_mass[body] * gravity

    def release(self, index: int) -> None:
        """Let go of a thing that is held."""
        for body in np.flatnonzero(self.model.body_rootid == self.roots[index]):
            self.data.xfrc_applied[body, 2] = 0

    def carry(
        self, index: int, position: tuple[float, float, float], velocity: tuple[float, float, float]
    ) -> None:
        """Put a thing at ``position`` (m), upright as it was, moving at ``velocity`` (m/s), not turning."""
        place, motion = self.place_of(index), self.motion_of(index)
        self.data.qpos[place : place + 3] = position
        self.data.qpos[place + 3 : place + 7] = self.things[index].rotation
        self.data.qvel[motion : motion + 6] = (*velocity, 0.0, 0.0, 0.0)

    def step(self, count: int = 1) -> None:
        """Let ``count`` times `TIMESTEP` pass."""
        self.mujoco.mj_step(self.model, self.data, count)

    def things_now(self) -> tuple[Thing, ...]:
        """The things where they are now."""
        values: list[float] = self.data.qpos.tolist()
        moved: list[Thing] = []
        start = 0
        for thing, width in zip(self.things, self._widths, strict=True):
            x, y, z, a, b, c, d, *joints = values[start : start + width]
            moved.append(thing.moved((x, y, z), (a, b, c, d), tuple(joints)))
            start += width
        return tuple(moved)

    def gap(self, first: int, second: int) -> float:
        """Metres of air between two things, negative where they press into each other."""
        ends = np.zeros(6)
        return min(
            float(self.mujoco.mj_geomDistance(self.model, self.data, one, other, _FAR, ends))
            for one in np.flatnonzero(self.owners == first).tolist()
            for other in np.flatnonzero(self.owners == second).tolist()
        )
