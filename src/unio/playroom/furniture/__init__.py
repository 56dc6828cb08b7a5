"""Furniture in the playroom: named meshes of known size, set down on its floor and looked at by rays.

Example::

    room = draw_room(random_stream(0, "room"), models)
    frame = render_room(room, size=128)
    [piece.model.name for piece in room.pieces], frame.boxes()
"""

from unio.playroom.furniture.arranging import Room, draw_room
from unio.playroom.furniture.mesh import Mesh
from unio.playroom.furniture.pieces import Model, Piece
from unio.playroom.furniture.rendering import render_room

__all__ = ["Mesh", "Model", "Piece", "Room", "draw_room", "render_room"]
