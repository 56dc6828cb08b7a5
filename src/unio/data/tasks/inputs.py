"""What a task takes from a user, and how that is read and checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.media import check_boxes, fit_transform, load_audio, load_image
from unio.schema import AudioGeometry, Picture
from unio.vocab import locations_text

__all__ = ["AUDIO", "IMAGE", "InputSpec", "box_text", "read_inputs", "text_input"]

MOST_FRAMES = 8
"""Pieces of history that the vocabulary has (spec section 3)."""


@dataclass(frozen=True, kw_only=True)
class InputSpec:
    """One input: the keyword a user gives it by, what it is, and the prompt place it fills, if any.

    ``image``, ``image_history`` and ``audio`` fill their streams; ``text`` and ``box`` fill the place
    ``field``. An input with a ``default`` may be left out.
    """

    name: str
    kind: Literal["image", "images", "audio", "text", "box"]
    description: str
    field: str | None = None
    default: str | None = None


IMAGE = InputSpec(name="image", kind="image", description="the picture")
AUDIO = InputSpec(name="audio", kind="audio", description="the sound")


def text_input(field: str, description: str) -> InputSpec:
    """The input ``text``, which fills the place ``field``."""
    return InputSpec(name="text", kind="text", description=description, field=field)


def read_inputs(task: str, specs: Sequence[InputSpec], given: Mapping[str, Any]) -> dict[str, Any]:
    """A user's inputs as a record: pictures and sounds loaded, texts and boxes checked.

    Keys of the result are ``image``, ``image_history``, ``audio`` and the places of texts and boxes.
    Raises ``InputError`` for an unknown, missing or unusable input.
    """
    named = {name: value for name, value in given.items() if value is not None}
    for name in named:
        if name not in {spec.name for spec in specs}:
            raise InputError(
                f"task {task!r} has no input {name!r}", expected=_listed(specs), fix=f"leave {name!r} out"
            )
    record: dict[str, Any] = {}
    for spec in specs:
        value = named.get(spec.name, spec.default)
        if value is None:
            raise InputError(
                f"task {task!r} needs the input {spec.name!r}",
                got=", ".join(named) or "no input",
                expected=f"{spec.name}: {spec.description}",
            )
        record[spec.field or spec.name] = _read(spec, value)
        if spec.kind == "box":
            picture: Picture = record["image"]
            check_boxes(
                record[spec.field or spec.name][None], height=picture.shape[0], width=picture.shape[1]
            )
    return record


def box_text(box: Float[np.ndarray, " 4"], picture: Picture) -> str:
    """A box (y1 x1 y2 x2, pixels of ``picture``) as four location pieces."""
    height, width = picture.shape[:2]
    transform = fit_transform(height, width, size=max(height, width))
    return locations_text(transform.boxes_to_fitted(np.asarray(box, np.float64)[None])[0].tolist())


def _read(spec: InputSpec, value: Any) -> Any:
    """One input, loaded by its kind."""
    if spec.kind == "image":
        return load_image(value)
    if spec.kind == "images":
        return _read_images(spec, value)
    if spec.kind == "audio":
        return load_audio(value, rate=AudioGeometry().sample_rate)
    if spec.kind == "box":
        return _read_box(value)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{spec.name!r} is no text", got=repr(value)[:80], expected=spec.description)
    return " ".join(value.split())


def _read_images(spec: InputSpec, value: Any) -> tuple[Picture, ...]:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | np.ndarray):
        raise InputError(f"{spec.name!r} is no list of pictures", got=type(cast(object, value)).__name__)
    pictures = tuple(load_image(one) for one in cast(Iterable[Any], value))
    if not 1 <= len(pictures) <= MOST_FRAMES:
        raise InputError(
            f"{spec.name!r} has the wrong number of pictures",
            got=len(pictures),
            expected=f"1 to {MOST_FRAMES}",
        )
    return pictures


def _read_box(value: Any) -> Float[np.ndarray, " 4"]:
    try:
        box = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        box = np.zeros(0)
    if box.shape != (4,) or not np.all(np.isfinite(box)):
        raise InputError("bad box", got=repr(value)[:80], expected="four numbers y1, x1, y2, x2 in pixels")
    return box


def _listed(specs: Sequence[InputSpec]) -> str:
    return ", ".join(spec.name for spec in specs) or "no input"
