"""A catalogue of furniture as rooms: one to three of its pieces on the playroom's floor.

Layout, as ``unio data fetch sweet_home`` lays it out::

    furniture-train.jsonl     a model a line: its mesh, name, category, width, depth and height in metres
    meshes/scopia/chair-12.safetensors

Room number n is a pure function of n and of the catalogue. What hangs on a wall, doors, windows and what is
flat stay in the catalogue: they do not stand on a floor. Families: ``caption``, ``tag``, ``detect``,
``region_class``, ``refer``, ``segment_refer``, ``cuboid``, ``camera_pose``, ``view_synthesis``, ``depth``,
``normals``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from unio.core import Config, InputError, random_stream
from unio.data.sources.files import find_file, inside
from unio.data.sources.furniture.mesh_file import read_mesh
from unio.data.sources.furniture.records import RECORDS, RoomView
from unio.data.sources.reader import Reader, Shelf
from unio.data.sources.rows import open_rows
from unio.playroom.bodies import load_mujoco
from unio.playroom.furniture import Model, draw_room, render_room

__all__ = ["Furniture"]

FLAT = 0.02
"""Height by longest side up to which a model is flat: seen from above it is a patch of one colour."""

LEAST_SEEN = 0.002
"""Share of the picture that each piece of a room must fill."""

ATTEMPTS = 20


class Furniture(Config):
    """Rooms of furniture."""

    kind: Literal["furniture"] = Field(description="This format.")
    catalogue: str = Field(description="JSONL file of models.")
    rooms: int = Field(default=20_000, gt=0, description="Rooms to draw.")
    size: int = Field(default=128, ge=16, le=1024, description="Side of the pictures in pixels.")

    def open(self, folder: Path) -> Reader:
        """Read the catalogue.

        Raises ``InputError`` for a broken row, or where nothing stands on a floor; ``MissingExtraError``
        without MuJoCo, now and not with the first room.
        """
        path = find_file(folder, self.catalogue)
        rows = open_rows(path)
        models = [
            model
            for number in range(len(rows))
            if (model := _model(rows[number], folder, rows.place(number)))
        ]
        if not models:
            raise InputError(f"{path.name} has no model that stands on a floor", got=f"{len(rows)} rows")
        load_mujoco()
        look = lru_cache(maxsize=8)(
            partial(_view, _Rooms(models=tuple(models), name=path.stem, size=self.size))
        )
        return Reader(
            name=path.stem,
            shelves={
                task: Shelf(
                    entries=range(self.rooms),
                    record=partial(_record, make, look),
                    place=partial(_place, path),
                )
                for task, make in RECORDS.items()
            },
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Rooms:
    models: tuple[Model, ...]
    name: str
    size: int


def _view(rooms: _Rooms, number: int) -> RoomView:
    """Room ``number`` with its picture: the first of its stand-ins in which every piece is in sight."""
    least = max(1, round(LEAST_SEEN * rooms.size**2))
    for attempt in range(ATTEMPTS):
        room = draw_room(random_stream(number, "furniture", rooms.name, attempt), rooms.models)
        frame = render_room(room, size=rooms.size)
        if len(frame.visible(least)) == len(room.pieces):
            return RoomView(number=number, room=room, frame=frame)
    raise InputError("no room with all its pieces in sight", got=f"{ATTEMPTS} tried")


def _record(make: Any, look: Any, number: int, rng: np.random.Generator) -> dict[str, Any]:
    return make(look(number), rng)


def _place(path: Path, number: int) -> str:
    return f"{path.name} room {number}"


def _model(row: Mapping[str, Any], folder: Path, place: str) -> Model | None:
    """The model of a row; None for what does not stand on a floor."""
    try:
        size = (float(row["width"]), float(row["depth"]), float(row["height"]))
        name, category, mesh = str(row["name"]), str(row["category"]), str(row["mesh"])
        hangs = bool(row.get("door_or_window")) or float(row.get("elevation", 0)) > 0
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{place} is no model",
            got=f"{type(error).__name__} {error}"[:80],
            expected="mesh, name and sizes",
        ) from error
    if not all(0 < length < 1000 for length in size) or not name:
        raise InputError(f"{place} has no size or no name", got=f"{name!r} {size}", expected="metres")
    if hangs or size[2] <= FLAT * max(size):
        return None
    return Model(name=name, category=category, size=size, load=partial(read_mesh, inside(folder, mesh)))
