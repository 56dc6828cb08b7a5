"""`Room`: pieces of furniture set down on the playroom's floor, and how one is drawn.

A room is a doll's house: all its pieces are made smaller (or larger) by one factor, so that the longest side
of the largest is as long as the playroom's floor has room for, and how they compare in size stays true. What
is measured in a room (places, depth, cuboids, the camera's distance) is in metres of the room, as everywhere
in the playroom.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unio.core import InputError
from unio.playroom.camera import Camera
from unio.playroom.furniture.pieces import Model, Piece
from unio.playroom.sampling import PLAY_RADIUS, draw_camera, draw_floor, draw_light, well_seen
from unio.playroom.scene import Floor, Light

__all__ = ["MAX_PIECES", "Room", "draw_room"]

MAX_PIECES = 3

LONGEST = {1: (0.34, 0.46), 2: (0.26, 0.36), 3: (0.22, 0.30)}
"""By number of pieces: metres of the room that the longest side of the largest piece may have."""

LEAST_SHARE = 0.35
"""The longest side of every piece by that of the largest: what is smaller would hardly be seen."""

LEAST_SEEN, LEAST_AREA = 0.6, 0.008
"""Shares: of each piece, what others may not hide; of the picture, what each must fill."""

TURN = math.radians(65)
"""How far the front of a piece may be turned away from the camera."""

GAP = 0.02
ATTEMPTS = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class Room:
    """Pieces on a floor, seen by a camera. ``scale`` is metres of the room by real metres."""

    pieces: tuple[Piece, ...]
    scale: float
    camera: Camera
    light: Light
    floor: Floor


def draw_room(rng: np.random.Generator, models: Sequence[Model]) -> Room:
    """A room of one to three pieces, each well in sight and with its front towards the camera.

    Raises ``InputError`` where there is no model, or none of a shape that can be seen.
    """
    if not models:
        raise InputError("no furniture to put into a room", expected="at least one model")
    for _ in range(ATTEMPTS):
        number = int(rng.integers(1, MAX_PIECES + 1))
        chosen = _choose(rng, models, number)
        light, floor = draw_light(rng), draw_floor(rng)
        for _ in range(ATTEMPTS):
            camera = draw_camera(rng)
            pieces = _set_down(rng, chosen, camera)
            if pieces and well_seen(camera, pieces, min_share=LEAST_SEEN, min_area=LEAST_AREA):
                scale = pieces[0].scale
                return Room(pieces=pieces, scale=scale, camera=camera, light=light, floor=floor)
    raise InputError(
        "no room could be furnished",
        got=f"{len(models)} models",
        expected="models that stand apart and fill enough of the picture",
    )


def _choose(rng: np.random.Generator, models: Sequence[Model], number: int) -> list[Model]:
    """Up to ``number`` models of comparable size, drawn without looking at their meshes."""
    first = models[int(rng.integers(len(models)))]
    chosen = [first]
    for _ in range(ATTEMPTS):
        if len(chosen) == number:
            break
        other = models[int(rng.integers(len(models)))]
        sides = [max(model.size) for model in (*chosen, other)]
        if other not in chosen and min(sides) >= LEAST_SHARE * max(sides):
            chosen.append(other)
    return chosen


def _set_down(rng: np.random.Generator, models: Sequence[Model], camera: Camera) -> tuple[Piece, ...]:
    """The models standing apart, all at one scale; none where no room was found."""
    longest = max(max(model.size) for model in models)
    scale = float(rng.uniform(*LONGEST[len(models)])) / longest
    pieces: list[Piece] = []
    for model in models:
        spread = PLAY_RADIUS - 0.5 * scale * math.hypot(*model.size[:2])
        for _ in range(12):
            away, around = max(spread, 0.0) * math.sqrt(rng.random()), rng.uniform(0, 2 * math.pi)
            facing = math.radians(camera.azimuth) + float(rng.uniform(-TURN, TURN))
            piece = Piece(
                model=model,
                scale=scale,
                position=(
                    away * math.cos(around),
                    away * math.sin(around),
                    model.size[2] / 2 * scale,
                ),
                angle=facing + math.pi / 2,  # its front looks along -y
            )
            if all(_apart(piece, other) for other in pieces):
                pieces.append(piece)
                break
        else:
            return ()
    return tuple(pieces)


def _apart(first: Piece, second: Piece) -> bool:
    """Whether a line on the floor along a side of either box keeps the boxes a gap apart."""
    corners = [piece.corners()[:, :2] for piece in (first, second)]
    for piece in (first, second):
        for axis in (piece.rotation_matrix[:2, 0], piece.rotation_matrix[:2, 1]):
            one, other = (places @ axis for places in corners)
            if one.min() - other.max() > GAP or other.min() - one.max() > GAP:
                return True
    return False
