"""Records of a room: what families that look at pictures read, with the renderer's exact truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from unio.core import InputError, random_stream
from unio.data.sources.playroom.moved_camera import draw_second_camera, move_between
from unio.data.sources.playroom.posed import seen_cuboid, turned_to_viewer
from unio.data.sources.reader import Record
from unio.playroom import Frame
from unio.playroom.furniture import Room, render_room
from unio.playroom.furniture.telling import SeenPiece, expression, room_caption, seen_pieces
from unio.playroom.language.drawing_lots import pick, shuffled

__all__ = ["RECORDS", "RoomView"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RoomView:
    """A room and its picture, every piece in sight."""

    number: int
    room: Room
    frame: Frame

    @cached_property
    def seen(self) -> tuple[SeenPiece, ...]:
        """The pieces from left to right."""
        return seen_pieces(self.room.pieces, self.room.camera)

    def box(self, one: SeenPiece) -> Float[np.ndarray, " 4"]:
        """The box of a piece's visible pixels: y1 x1 y2 x2 in pixels."""
        return self.frame.boxes()[one.index] * len(self.frame.ids)

    def referred(self, rng: np.random.Generator) -> tuple[SeenPiece, str]:
        """A piece and a phrase that means it alone. Raises ``InputError`` where no piece has one."""
        for one in shuffled(self.seen, rng):
            text = expression(self.seen, one, rng)
            if text is not None:
                return one, text
        raise InputError("no piece of the room can be told from the others")


def _caption(view: RoomView, rng: np.random.Generator) -> Record:
    return {"image": view.frame.rgb, "caption": room_caption(view.seen, rng)}


def _tag(view: RoomView, rng: np.random.Generator) -> Record:
    """Names from left to right, then the catalogue's categories."""
    del rng
    names = [one.name for one in view.seen]
    categories = [one.piece.model.category for one in view.seen]
    return {"image": view.frame.rgb, "tags": tuple(dict.fromkeys([*names, *categories]))}


def _detect(view: RoomView, rng: np.random.Generator) -> Record:
    del rng  # the family shuffles
    return {
        "image": view.frame.rgb,
        "boxes": np.array([view.box(one) for one in view.seen]),
        "labels": tuple(one.name for one in view.seen),
    }


def _region_class(view: RoomView, rng: np.random.Generator) -> Record:
    one = pick(view.seen, rng)
    return {"image": view.frame.rgb, "box": view.box(one), "label": one.name}


def _refer(view: RoomView, rng: np.random.Generator) -> Record:
    one, text = view.referred(rng)
    return {"image": view.frame.rgb, "expression": text, "box": view.box(one)}


def _segment_refer(view: RoomView, rng: np.random.Generator) -> Record:
    one, text = view.referred(rng)
    return {"image": view.frame.rgb, "expression": text, "mask": view.frame.ids == one.index}


def _cuboid(view: RoomView, rng: np.random.Generator) -> Record:
    """In metres of the room. What is round is turned as the playroom's round things are."""
    one, text = view.referred(rng)
    piece, camera = one.piece, view.room.camera
    axes = piece.rotation_matrix
    if piece.model.is_round:
        axes = turned_to_viewer(axes, axis=axes[:, 2], position=piece.position, camera=camera)
    return {
        "image": view.frame.rgb,
        "expression": text,
        "cuboid": seen_cuboid(
            np.array(piece.position), size=2 * np.array(piece.half_extents), axes=axes, camera=camera
        ),
        "focal": len(view.frame.ids) / (2 * camera.half_width),
    }


def _camera_pose(view: RoomView, rng: np.random.Generator) -> Record:
    """Two views of the room, and how the camera got from one to the other."""
    del rng  # one move a room
    before = view.room.camera
    after = draw_second_camera(before, random_stream(view.number, "furniture", "second view"))
    second = render_room(view.room, size=len(view.frame.ids), camera=after)
    return {
        "image_history": (view.frame.rgb,),
        "image": second.rgb,
        "pose": move_between(before, after),
    }


def _view_synthesis(view: RoomView, rng: np.random.Generator) -> Record:
    record = _camera_pose(view, rng)
    return {"image": record["image_history"][0], "pose": record["pose"], "picture": record["image"]}


def _depth(view: RoomView, rng: np.random.Generator) -> Record:
    del rng
    return {"image": view.frame.rgb, "depth": view.frame.depth}


def _normals(view: RoomView, rng: np.random.Generator) -> Record:
    del rng
    return {"image": view.frame.rgb, "normals": view.frame.normals, "focus": view.frame.ids >= 0}


RECORDS: Mapping[str, Callable[[RoomView, np.random.Generator], Record]] = {
    "caption": _caption,
    "tag": _tag,
    "detect": _detect,
    "region_class": _region_class,
    "refer": _refer,
    "segment_refer": _segment_refer,
    "cuboid": _cuboid,
    "camera_pose": _camera_pose,
    "view_synthesis": _view_synthesis,
    "depth": _depth,
    "normals": _normals,
}
"""Family -> how its record is made."""
