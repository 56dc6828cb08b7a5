"""Records of pictures that are given in part: with a hole, or as a map of edges, depth, normals or boxes."""

from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Bool

from unio.data.sources.playroom.views import Setting, View, still_view
from unio.playroom.language import description
from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.naming import ATTRIBUTES, attributes_of, noun_phrase
from unio.playroom.language.words import with_article
from unio.schema import Picture

__all__ = ["CONTROLS", "Control", "control_map", "controllable_record", "inpaint_record"]

Control = Literal["edges", "depth", "normals", "boxes"]
CONTROLS: tuple[Control, ...] = get_args(Control)

_MARGIN = 0.02
"""Sides of the picture by which a hole is larger than what it hides."""
_OUTWARDS = np.array([-1, -1, 1, 1])
_MOST_OF_OTHERS = 0.05
"""Share of a hole that other things than the one told may fill."""
_CREASE = 0.8
"""Cosine between the normals of neighbouring pixels below which there is an edge."""


def inpaint_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """A whole picture, a box around one thing, and the thing; None if no box holds hardly anything else."""
    view = still_view(setting)
    for one in shuffled(view.sight.seen, rng):
        margin = _MARGIN * setting.size
        box = np.clip(view.box(one) + margin * _OUTWARDS, 0, setting.size)
        top, left, bottom, right = np.rint(box).astype(int).tolist()
        ids = view.frame.ids[top:bottom, left:right]
        if ((ids >= 0) & (ids != one.index)).mean() <= _MOST_OF_OTHERS:
            return {
                "image": view.frame.rgb,
                "box": np.array([top, left, bottom, right], np.float64),
                "description": with_article(noun_phrase(attributes_of(one, ATTRIBUTES))),
            }
    return None


def controllable_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any]:
    """A map of one kind, the description of everything in view, and the picture."""
    view = still_view(setting)
    control = pick(CONTROLS, rng)
    return {
        "image": control_map(view, control),
        "control": control,
        "description": description(view.sight, rng),
        "picture": view.frame.rgb,
    }


def control_map(view: View, control: Control) -> Picture:
    """A map as a picture.

    - ``edges``: white where things end or bend, on black.
    - ``depth``: the nearest point white, the furthest nearly black, the backdrop black.
    - ``normals``: x, y, z in [-1, 1] as red, green, blue; the backdrop black.
    - ``boxes``: a white frame, one pixel inside the box of each thing in view, on black.
    """
    frame = view.frame
    if control == "edges":
        return _white_on_black(_edges(view))
    if control == "boxes":
        return _white_on_black(_box_frames(view))
    is_sky = frame.ids == -2
    if control == "normals":
        colours = np.rint((frame.normals + 1) * 127.5).astype(np.uint8)
        return np.where(is_sky[..., None], np.uint8(0), colours)
    near, far = frame.depth[~is_sky].min(), frame.depth[~is_sky].max()
    nearness = (far - frame.depth) / max(float(far - near), 1e-6)
    levels = np.where(is_sky, 0, np.rint(30 + 225 * nearness)).clip(0, 255).astype(np.uint8)
    return np.repeat(levels[..., None], 3, axis=2)


def _edges(view: View) -> Bool[np.ndarray, "size size"]:
    """Pixels whose lower or right neighbour is of another thing, or of another side of the same."""
    ids, normals = view.frame.ids, view.frame.normals
    edges = np.zeros(ids.shape, bool)
    is_thing = ids >= 0
    for axis in (0, 1):
        here = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
        there = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        other = ids[here] != ids[there]
        bent = (normals[here] * normals[there]).sum(axis=2) < _CREASE
        edges[here] |= other | (bent & is_thing[here] & is_thing[there])
    return edges


def _box_frames(view: View) -> Bool[np.ndarray, "size size"]:
    frames = np.zeros(view.frame.ids.shape, bool)
    for one in view.sight.seen:
        top, left, bottom, right = np.rint(view.box(one)).astype(int).tolist()
        frames[top:bottom, [left, right - 1]] = True
        frames[[top, bottom - 1], left:right] = True
    return frames


def _white_on_black(mask: Bool[np.ndarray, "size size"]) -> Picture:
    return np.repeat(np.where(mask, np.uint8(255), np.uint8(0))[..., None], 3, axis=2)
