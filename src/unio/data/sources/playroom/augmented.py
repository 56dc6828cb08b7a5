"""Records of the augmented tasks: what other families ask of a scene, asked in another way."""

from typing import Any

import numpy as np
from jaxtyping import Bool

from unio.data.augmentation import (
    bounded_caption_fields,
    box_property_fields,
    normal_at_fields,
    normal_axes_fields,
    segment_in_box_fields,
    segment_many_fields,
)
from unio.data.sources.playroom import seen
from unio.data.sources.playroom.views import Setting, View, still_view
from unio.data.sources.split_text import split_text
from unio.playroom.language import Seen, Sight, caption
from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.language.naming import attributes_of, noun_phrase, short_name, unique_names
from unio.playroom.language.referring import refer
from unio.playroom.language.sight import RELATIONS, carried_where, holds
from unio.playroom.language.words import sentence

__all__ = [
    "bounded_caption_record",
    "box_property_record",
    "continue_text_record",
    "normal_at_record",
    "normal_axes_record",
    "refer_many_record",
    "relations_of",
    "relations_record",
    "segment_in_box_record",
    "segment_many_record",
]

Fields = dict[str, Any]

_MOST = 4
"""Classes or expressions at once."""

_SENTENCES = 3
"""Sentences behind the first of a text that goes on."""


def segment_many_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, up to four names of one kind (shapes, colours or materials), and the pixels of each."""
    segments = _classes(still_view(setting), rng)
    return segment_many_fields(segments[:_MOST]) if segments else None


def segment_in_box_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, a name such as "ball" or "red thing", a box, and the pixels of that name inside it."""
    segments = _classes(still_view(setting), rng)
    return segment_in_box_fields(segments[0], rng) if segments else None


def box_property_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an expression, its box, and a property of that to tell."""
    reference = seen.refer_record(setting, rng)
    return None if reference is None else box_property_fields(reference, rng)


def refer_many_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, two to four expressions that mean different things, and their boxes."""
    view = still_view(setting)
    found = [refer(view.sight, one, rng) for one in shuffled(view.sight.seen, rng)[:_MOST]]
    references = [reference for reference in found if reference is not None]
    if len(references) < 2:
        return None
    boxes = view.frame.boxes() * setting.size
    return {
        "image": view.frame.rgb,
        "expressions": tuple(reference.text for reference in references),
        "boxes": np.array([boxes[reference.index] for reference in references]),
    }


def relations_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, the name of a thing, and all that is plainly true of how it stands to the others."""
    view = still_view(setting)
    one = pick(view.sight.seen, rng)
    name, relations = short_name(view.sight, one, rng), relations_of(view, one)
    if name is None or not relations:
        return None
    return {"image": view.frame.rgb, "name": name, "relations": relations}


def bounded_caption_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture, its caption, and a bound that it keeps."""
    return bounded_caption_fields(seen.caption_record(setting, rng), rng)


def normal_axes_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture, its normals, and the axes to show."""
    return normal_axes_fields(seen.normals_record(setting, rng), rng)


def normal_at_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture, a point on a surface, and the normal there."""
    return normal_at_fields(seen.normals_record(setting, rng), rng)


def continue_text_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A text about a scene, no picture of it, cut in two."""
    view = still_view(setting)
    told = [caption(view.sight, rng)]
    for one in shuffled(view.sight.seen, rng)[:_SENTENCES]:
        name, relations = short_name(view.sight, one, rng), relations_of(view, one)
        if name is not None and relations:
            told.append(sentence(f"the {name} is {pick(relations, rng)}"))
    return split_text(" ".join(told), rng)


def relations_of(view: View, one: Seen) -> tuple[str, ...]:
    """``"left of the blue box"`` and all else that is plainly true of a thing, where the other has a name."""
    told: list[str] = []
    for other in view.sight.seen:
        name = None if other is one else _usual_name(view.sight, other)
        if name is None:
            continue
        told += [f"{relation} the {name}" for relation in RELATIONS if holds(one, relation, other)]
        if view.sight.carriers.get(one.index) == other.index:
            told.append(f"{carried_where(other)} the {name}")
    return tuple(told)


def _usual_name(sight: Sight, one: Seen) -> str | None:
    """Colour and shape where they are enough, else the shortest name that only this thing has."""
    names = unique_names(sight, one)
    usual = noun_phrase(attributes_of(one, ("colour", "shape")))
    return usual if usual in names else next(iter(names), None)


def _classes(view: View, rng: np.random.Generator) -> list[Fields]:
    """Names of one kind and their pixels, in random order, none that is true of something hidden."""
    kind = pick(("shape", "colour", "material"), rng)
    values = shuffled(tuple(dict.fromkeys(one.value(kind) for one in view.sight.seen)), rng)
    found: list[Fields] = []
    for value in values:
        there = [thing for thing in view.scene.things if getattr(thing, kind) == value]
        matching = view.sight.matching({kind: value})
        if len(matching) == len(there):
            mask: Bool[np.ndarray, "height width"] = np.isin(view.frame.ids, [one.index for one in matching])
            found.append({"image": view.frame.rgb, "expression": noun_phrase({kind: value}), "mask": mask})
    return found
