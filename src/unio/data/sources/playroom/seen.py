"""Records of families that read one picture: what it shows, where things are, how far and which way."""

from typing import Any

import numpy as np

from unio.data.sources.playroom.views import Setting, still_view
from unio.playroom import ALL_SHAPES, COLOURS, SHAPES
from unio.playroom.language import caption, question, referring, tags

__all__ = [
    "caption_record",
    "depth_record",
    "detect_record",
    "normals_record",
    "refer_record",
    "region_record",
    "segment_record",
    "tag_record",
    "vqa_record",
]

Fields = dict[str, Any]


def caption_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture, its caption, and the colour and shape of everything in view."""
    view = still_view(setting)
    return {
        "image": view.frame.rgb,
        "caption": caption(view.sight, rng),
        "things": [(one.thing.colour, one.thing.shape) for one in view.sight.seen],
        "adjectives": tuple(COLOURS),
        "nouns": SHAPES if setting.world == "first" else ALL_SHAPES,
    }


def vqa_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture and a question of any kind."""
    view = still_view(setting)
    asked = question(view.sight, rng)
    if asked is None:
        return None
    return {
        "image": view.frame.rgb,
        "question": asked.text,
        "answer": asked.answer,
        "kind": asked.kind,
    }


def tag_record(setting: Setting, rng: np.random.Generator) -> Fields:  # noqa: ARG001
    """A picture and its shapes, colours and materials."""
    view = still_view(setting)
    return {"image": view.frame.rgb, "tags": tags(view.sight)}


def region_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture, the box of one thing, and its colour and shape."""
    view = still_view(setting)
    one = view.sight.seen[int(rng.integers(len(view.sight)))]
    return {"image": view.frame.rgb, "box": view.box(one), "label": view.short_label(one)}


def detect_record(setting: Setting, rng: np.random.Generator) -> Fields:  # noqa: ARG001
    """A picture with the boxes, colours and shapes of everything in view."""
    view = still_view(setting)
    return {
        "image": view.frame.rgb,
        "boxes": np.array([view.box(one) for one in view.sight.seen]),
        "labels": tuple(view.short_label(one) for one in view.sight.seen),
    }


def refer_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an expression, and the box of what it means."""
    view = still_view(setting)
    reference = referring(view.sight, rng)
    if reference is None:
        return None
    box = view.frame.boxes()[reference.index] * setting.size
    return {"image": view.frame.rgb, "expression": reference.text, "box": box}


def segment_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an expression, and the pixels of what it means."""
    view = still_view(setting)
    reference = referring(view.sight, rng)
    if reference is None:
        return None
    mask = view.frame.ids == reference.index
    return {"image": view.frame.rgb, "expression": reference.text, "mask": mask}


def depth_record(setting: Setting, rng: np.random.Generator) -> Fields:  # noqa: ARG001
    """A picture and its depth in metres."""
    view = still_view(setting)
    return {"image": view.frame.rgb, "depth": view.frame.depth}


def normals_record(setting: Setting, rng: np.random.Generator) -> Fields:  # noqa: ARG001
    """A picture and its normals; the things, which unlike the floor have many, are the focus."""
    view = still_view(setting)
    return {
        "image": view.frame.rgb,
        "normals": view.frame.normals,
        "focus": view.frame.ids >= 0,
    }
