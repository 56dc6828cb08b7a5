"""A room's pieces in MuJoCo, each part of a mesh a geom, and the picture of a room."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Float32, Int

from unio.playroom.bodies import load_mujoco
from unio.playroom.camera import Camera
from unio.playroom.frame import Frame
from unio.playroom.furniture.arranging import Room
from unio.playroom.furniture.pieces import Piece
from unio.playroom.renderer import draw

__all__ = ["FurnishedFloor", "render_room"]

FLOOR = -1


def render_room(room: Room, *, size: int = 128, camera: Camera | None = None) -> Frame:
    """The picture of a room, ``size`` pixels square, from its own or another camera; a pure function.

    Raises ``InputError`` for a size below 1, ``MissingExtraError`` without MuJoCo, and as the meshes do.
    """
    world = FurnishedFloor(room.pieces)
    return draw(world, camera=camera or room.camera, lamp=room.light, floor=room.floor, size=size)


class FurnishedFloor:
    """Pieces as meshes that nothing moves: a `unio.playroom.visible.Visible`.

    MuJoCo casts rays at the triangles themselves, not at their hull, and at both of their sides.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.mujoco: Any = load_mujoco()
        self.things = tuple(pieces)
        spec = self.mujoco.MjSpec()
        spec.memory = 1 << 20
        spec.compiler.balanceinertia = True  # what is flat has moments that rounding puts out of balance
        spec.worldbody.add_geom(type=self.mujoco.mjtGeom.mjGEOM_PLANE, size=[0, 0, 1], group=1)
        colours: list[Float32[np.ndarray, " 3"]] = [np.zeros(3, np.float32)]
        owners = [FLOOR]
        for index, piece in enumerate(pieces):
            body = spec.worldbody.add_body(pos=piece.position, quat=piece.rotation)
            for part in np.unique(piece.model.mesh.parts).tolist():
                self._add_part(spec, body, piece, part, name=f"{index} {part}")
                colours.append(piece.model.mesh.colours[part].astype(np.float32) / 255)
                owners.append(index)
        self.model: Any = spec.compile()
        self.data: Any = self.mujoco.MjData(self.model)
        self.mujoco.mj_kinematics(self.model, self.data)
        self.roots: Int[np.ndarray, " solids"] = np.arange(1, len(self.things) + 1)  # body 0 is the world
        self.owners: Int[np.ndarray, " geoms"] = np.array(owners, np.int32)
        self._colours = np.stack(colours)

    def geom_colours(self) -> Float32[np.ndarray, "geoms 3"]:
        """Display RGB, 0..1, of each part; zeros for the floor."""
        return self._colours

    def refine_normals(
        self,
        origin: Float[np.ndarray, " 3"],  # noqa: ARG002
        directions: Float[np.ndarray, "rays 3"],
        *,
        ids: Int[np.ndarray, " rays"],
        distance: Float[np.ndarray, " rays"],  # noqa: ARG002
        normals: Float[np.ndarray, "rays 3"],
    ) -> None:
        """Let every triangle face whoever looks at it: a catalogue's meshes are thin, and face either way."""
        away = (ids >= 0) & (np.einsum("rc,rc->r", normals, directions) > 0)
        normals[away] *= -1

    def _add_part(self, spec: Any, body: Any, piece: Piece, part: int, *, name: str) -> None:
        mesh = piece.model.mesh
        corners = mesh.faces[mesh.parts == part]
        used, faces = np.unique(corners, return_inverse=True)
        vertices = mesh.vertices[used]
        if len(vertices) < 4:  # the fewest that MuJoCo takes
            vertices = np.concatenate([vertices, vertices[:1], vertices[:1]])
        spec.add_mesh(
            name=name,
            uservert=vertices.reshape(-1),
            userface=faces.astype(np.int32).reshape(-1),
            scale=[piece.scale] * 3,
            inertia=self.mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,  # open surfaces have no volume
        )
        body.add_geom(type=self.mujoco.mjtGeom.mjGEOM_MESH, meshname=name, contype=0, conaffinity=0, group=0)
