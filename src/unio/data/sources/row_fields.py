"""A table's values as the fields that families read: pictures, sounds, boxes, maps, words."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from jaxtyping import Float
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.depth_pairs import read_depth
from unio.data.sources.files import inside
from unio.data.sources.map_files import read_flow, read_mask_file, read_normals
from unio.data.sources.media_values import media_source, read_picture, read_sound
from unio.data.sources.reader import Record
from unio.data.sources.video_fields import task_video
from unio.data.tasks.cuboid_tokens import Cuboid

__all__ = ["FieldFormats", "read_field"]

PICTURES = frozenset({"image", "picture"})
SOUNDS = frozenset({"audio", "sound"})
TUPLES = frozenset({"tags", "options", "facts", "holding", "labels"})
BOXES = frozenset({"box", "boxes", "first_box"})
NUMBERS = frozenset({"points", "point", "action", "steps", "pose", "focal"})
MAPS = frozenset({"depth", "normals", "flow", "mask"})


class FieldFormats(Config):
    """How a table writes what can be written in several ways."""

    box: Literal["yxyx", "xyxy", "xywh"] = Field(
        default="yxyx", description="Order of a box's numbers, in pixels; w and h are its sizes."
    )
    depth_unit: float = Field(default=0.001, gt=0, description="Metres that a depth map's 1 stands for.")
    normal_signs: tuple[Literal[-1, 1], Literal[-1, 1], Literal[-1, 1]] = Field(
        default=(1, 1, 1), description="What turns a file's axes into x right, y up, z towards the camera."
    )
    flow_sign: Literal[-1, 1] = Field(
        default=1, description="-1 where the flow's pictures are given in turned order."
    )
    words: dict[str, dict[str, str]] = Field(
        default_factory=dict[str, dict[str, str]],
        description="Field -> a value as the table has it -> what it means: {answer: {'1': 'yes'}}.",
    )


def read_field(
    task: str,
    field: str,
    value: Any,
    *,
    folder: Path | None,
    formats: FieldFormats,
    rng: np.random.Generator,
) -> Record:
    """The field of a family (``video`` becomes several). Raises ``InputError`` for a value it cannot be."""
    if value is None:
        raise InputError(f"{field!r} is empty")
    if field == "video":
        source = media_source(value, folder=folder, what="video")
        return task_video(task, source, rng=rng)
    if field in PICTURES:
        return {field: read_picture(value, folder=folder)}
    if field == "image_history":
        listed = cast(list[Any], value) if isinstance(value, list) else [value]
        return {field: tuple(read_picture(one, folder=folder) for one in listed)}
    if field in SOUNDS:
        return {field: read_sound(value, folder=folder)}
    if field in MAPS and folder is not None and isinstance(value, str):
        return {field: _MAPS[field](inside(folder, value), formats)}
    if field in TUPLES:
        listed = cast(list[Any], value) if isinstance(value, list | tuple | np.ndarray) else [value]
        return {field: tuple(_said(formats, field, one) for one in listed)}
    if field in BOXES:
        return {field: _boxes(value, formats)}
    if field == "cuboid":
        return {field: _cuboid(value)}
    if field in NUMBERS and not isinstance(value, str):  # `navigate` has a word for its action
        return {field: _numbers(field, value)}
    if isinstance(value, list):  # several captions or answers: one of them
        if not value:
            raise InputError(f"{field!r} is empty")
        value = cast(list[Any], value)[int(rng.integers(len(cast(list[Any], value))))]
    return {field: _said(formats, field, value)}


def _said(formats: FieldFormats, field: str, value: Any) -> str:
    text = str(value).strip()
    return formats.words.get(field, {}).get(text, text)


def _numbers(field: str, value: Any) -> Any:
    try:
        numbers = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{field!r} is no row of numbers", got=repr(value)[:60]) from None
    if field == "focal":
        return float(numbers)
    return tuple(numbers.tolist()) if field == "pose" else numbers


def _boxes(value: Any, formats: FieldFormats) -> Float[np.ndarray, "*count 4"]:
    boxes = np.asarray(_numbers("box", value), np.float64)
    if boxes.shape == (0,):
        return boxes.reshape(0, 4)
    if boxes.shape[-1:] != (4,) or not np.isfinite(boxes).all():
        raise InputError("bad box", got=repr(value)[:60], expected=f"four numbers {' '.join(formats.box)}")
    if formats.box == "yxyx":
        return boxes
    ends = boxes[..., 2:] + (boxes[..., :2] if formats.box == "xywh" else 0)
    return np.concatenate([boxes[..., 1::-1], ends[..., ::-1]], axis=-1)


def _cuboid(value: Any) -> Cuboid:
    given: Mapping[str, Any] = cast(Mapping[str, Any], value) if isinstance(value, dict) else {}
    try:
        centre, size = (np.asarray(given[name], np.float64).reshape(3) for name in ("centre", "size"))
        rotation = np.asarray(given["rotation"], np.float64).reshape(3, 3)
    except (KeyError, TypeError, ValueError):
        raise InputError(
            "bad cuboid", got=repr(dict(given))[:60], expected="{centre: [3], size: [3], rotation: [[3] x 3]}"
        ) from None
    return Cuboid(centre=centre, size=size, rotation=rotation)


_MAPS: dict[str, Callable[[Path, FieldFormats], Any]] = {
    "depth": lambda path, formats: read_depth(path, unit=formats.depth_unit),
    "normals": lambda path, formats: read_normals(path, signs=formats.normal_signs),
    "flow": lambda path, formats: formats.flow_sign * read_flow(path),
    "mask": lambda path, _: read_mask_file(path),
}
"""What reads a map's file."""
