"""What a task takes from a user, and how that is read and checked."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.data.tasks.places import point_text
from unio.data.tasks.poses import pose_text
from unio.media import (
    MediaLimits,
    check_boxes,
    fit_transform,
    load_audio,
    load_image,
    load_video,
    sound_pieces,
)
from unio.schema import Geometry, Picture
from unio.vocab import locations_text

__all__ = [
    "AUDIO",
    "IMAGE",
    "SILENT_VIDEO",
    "VIDEO",
    "InputSpec",
    "box_input",
    "box_text",
    "options_input",
    "place_text",
    "read_inputs",
    "text_input",
]

MOST_FRAMES = 8
"""Pieces of history that the vocabulary has (spec section 3)."""

MOST_OPTIONS = 4096
"""Answers that may be offered at once: each of them is scored."""


@dataclass(frozen=True, kw_only=True)
class InputSpec:
    """One input: the keyword a user gives it by, what it is, and the prompt place it fills, if any.

    ``image``, ``image_history``, ``audio`` and ``video`` fill their streams; ``text``, ``box``,
    ``point``, ``pose`` and ``options`` fill the place ``field``, options without one are offered and not
    told. An input that is ``optional`` or has a ``default`` may be left out. ``with_sound`` False leaves a
    video's sound out.
    """

    name: str
    kind: Literal["image", "images", "audio", "video", "text", "box", "point", "pose", "options"]
    description: str
    field: str | None = None
    default: str | None = None
    optional: bool = False
    with_sound: bool = True


IMAGE = InputSpec(name="image", kind="image", description="the picture")
AUDIO = InputSpec(name="audio", kind="audio", description="the sound")
VIDEO = InputSpec(name="video", kind="video", description="the video, its sound included")
SILENT_VIDEO = InputSpec(
    name="video", kind="video", description="the video; its sound is not heard", with_sound=False
)


def text_input(field: str, description: str, *, default: str | None = None) -> InputSpec:
    """The input ``text``, which fills the place ``field``."""
    return InputSpec(name="text", kind="text", description=description, field=field, default=default)


def box_input(description: str) -> InputSpec:
    """The input ``box`` (y1, x1, y2, x2 in pixels), which fills the place of that name."""
    return InputSpec(name="box", kind="box", description=description, field="box")


def options_input(*, told: bool) -> InputSpec:
    """The input ``choices``, field ``options`` of a record; ``told`` puts them into the prompt."""
    return InputSpec(
        name="choices",
        kind="options",
        description="the answers to choose from, separated by semicolons",
        field="options" if told else None,
    )


def read_inputs(
    task: str,
    specs: Sequence[InputSpec],
    given: Mapping[str, Any],
    *,
    geometry: Geometry | None = None,
    limits: MediaLimits | None = None,
) -> dict[str, Any]:
    """A user's inputs as a record: pictures, sounds and videos loaded, texts and boxes checked.

    Keys of the result are ``image``, ``image_history``, ``audio``, ``audio_history`` and the places of
    texts, boxes and the like. Raises ``InputError`` for an unknown, missing or unusable input.
    """
    geometry, limits = geometry or Geometry(), limits or MediaLimits()
    named = {name: value for name, value in given.items() if value is not None}
    for name in named:
        if name not in {spec.name for spec in specs}:
            raise InputError(
                f"task {task!r} has no input {name!r}", expected=_listed(specs), fix=f"leave {name!r} out"
            )
    record: dict[str, Any] = {}
    for spec in specs:
        value = named.get(spec.name, spec.default)
        if value is None and spec.optional:
            continue
        if value is None:
            raise InputError(
                f"task {task!r} needs the input {spec.name!r}",
                got=", ".join(named) or "no input",
                expected=f"{spec.name}: {spec.description}",
            )
        if spec.kind == "video":
            has_box = any(other.kind == "box" for other in specs)
            record.update(_read_video(value, spec, geometry, limits, remove_bars=not has_box))
            continue
        name = "options" if spec.kind == "options" else spec.field or spec.name
        record[name] = _read(spec, value, geometry, limits)
        if spec.kind == "point":
            _check_point(record[spec.field or spec.name], record["image"])
        if spec.kind == "box":
            picture: Picture = record["image"]
            check_boxes(
                record[spec.field or spec.name][None], height=picture.shape[0], width=picture.shape[1]
            )
    return record


def place_text(spec: InputSpec, record: Mapping[str, Any]) -> str:
    """What fills the prompt place of an input. Raises ``KeyError`` where the record lacks it."""
    name = spec.field or spec.name
    value = record[name] if spec.default is None else record.get(name, spec.default)
    if spec.kind == "box":
        return box_text(value, record["image"])
    if spec.kind == "point":
        return point_text(value, record["image"])
    if spec.kind == "pose":
        return pose_text(value)
    return ", ".join(value) if spec.kind == "options" else str(value)


def box_text(box: Float[np.ndarray, " 4"], picture: Picture) -> str:
    """A box (y1 x1 y2 x2, pixels of ``picture``) as four location pieces."""
    height, width = picture.shape[:2]
    transform = fit_transform(height, width, size=max(height, width))
    return locations_text(transform.boxes_to_fitted(np.asarray(box, np.float64)[None])[0].tolist())


def _read(spec: InputSpec, value: Any, geometry: Geometry, limits: MediaLimits) -> Any:
    """One input, loaded by its kind."""
    match spec.kind:
        case "image":
            return load_image(value, limits=limits.image)
        case "images":
            return _read_images(spec, value, limits)
        case "audio":
            return load_audio(value, rate=geometry.audio.sample_rate, limits=limits.audio)
        case "box":
            return _read_box(value)
        case "point":
            return _read_point(value)
        case "pose":
            return _read_pose(value)
        case "options":
            return _read_options(value)
        case _:
            pass
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{spec.name!r} is no text", got=repr(value)[:80], expected=spec.description)
    return " ".join(value.split())


def _read_video(
    value: Any, spec: InputSpec, geometry: Geometry, limits: MediaLimits, *, remove_bars: bool
) -> dict[str, Any]:
    """A video as the fields of its streams. Its bars stay where a box is told in its pixels."""
    video = load_video(
        value,
        rate=geometry.audio.sample_rate,
        frames=geometry.image.history_frames + 1,
        with_sound=spec.with_sound,
        remove_bars=remove_bars,
        limits=limits.video,
    )
    *earlier, current = sound_pieces(video, geometry.audio) or (None,)
    return {
        "image": video.image,
        "image_history": video.history,
        "audio": current,
        "audio_history": tuple(earlier),
    }


def _read_images(spec: InputSpec, value: Any, limits: MediaLimits) -> tuple[Picture, ...]:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | np.ndarray):
        raise InputError(f"{spec.name!r} is no list of pictures", got=type(cast(object, value)).__name__)
    pictures = tuple(load_image(one, limits=limits.image) for one in cast(Iterable[Any], value))
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


def _read_point(value: Any) -> Float[np.ndarray, " 2"]:
    try:
        point = np.asarray(value.split(",") if isinstance(value, str) else value, np.float64)
    except (TypeError, ValueError):
        point = np.zeros(0)
    if point.shape != (2,) or not np.all(np.isfinite(point)):
        raise InputError("bad point", got=repr(value)[:80], expected="two numbers y, x in pixels")
    return point


def _check_point(point: Float[np.ndarray, " 2"], picture: Picture) -> None:
    if np.any(point < 0) or np.any(point > picture.shape[:2]):
        raise InputError(
            "the point lies outside the picture", got=point.tolist(), expected=f"in {picture.shape[:2]}"
        )


def _read_pose(value: Any) -> tuple[float, float, float]:
    try:
        parts = value.split(",") if isinstance(value, str) else list(value)
        polar, azimuth, distance = (float(part) for part in parts)
    except (TypeError, ValueError):
        polar = azimuth = distance = math.nan
    if not all(math.isfinite(number) for number in (polar, azimuth, distance)):
        raise InputError(
            "bad pose",
            got=repr(value)[:80],
            expected="three numbers: changes of polar angle and azimuth in radians, of distance in metres",
        )
    return polar, azimuth, distance


def _read_options(value: Any) -> tuple[str, ...]:
    given: object = value
    parts: list[Any] = []
    if isinstance(value, str):
        parts = value.split(";")
    elif isinstance(value, Iterable):
        parts = list(cast(Iterable[Any], value))
    options = tuple(" ".join(part.split()) for part in parts if isinstance(part, str))
    if not 2 <= len(options) <= MOST_OPTIONS or "" in options or len(set(options)) < len(parts):
        raise InputError(
            "bad choices",
            got=repr(given)[:80],
            expected=f"2 to {MOST_OPTIONS:,} different texts, as a list or separated by semicolons",
        )
    return options


def _listed(specs: Sequence[InputSpec]) -> str:
    return ", ".join(spec.name for spec in specs) or "no input"
