"""Records of families that ask for a part of a picture: all of a name, a region's words, a mask, a point."""

from typing import Any

import numpy as np

from unio.data.sources.playroom.views import Setting, still_view
from unio.data.tasks.scoring.masks import inmost_pixel
from unio.playroom import ALL_SHAPES, COLOURS, MATERIALS, SHAPES, SIZES
from unio.playroom.language import referring
from unio.playroom.language.drawing_lots import pick
from unio.playroom.language.naming import ATTRIBUTES, attributes_of, noun_phrase
from unio.playroom.language.words import sentence, with_article

__all__ = [
    "THING_WORDS",
    "localise_record",
    "point_record",
    "region_caption_record",
    "segment_box_record",
]

Fields = dict[str, Any]

THING_WORDS: tuple[str, ...] = (*SIZES, *COLOURS, *MATERIALS, *ALL_SHAPES)
"""All words that tell one thing from another."""

_ABSENT_SHARE = 0.15
"""How often something is looked for that is not there."""
_NAMED_BY = (("shape",), ("colour",), ("material",), ("colour", "shape"), ("material", "shape"))
_REGION_CAPTIONS = (
    "{a_name}",
    "this is {a_name}",
    "there is {a_name} here",
    "it shows {a_name}",
    "{a_name} can be seen",
    "one sees {a_name}",
    "the region shows {a_name}",
    "in it is {a_name}",
)


def localise_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, a name such as "red thing" or "ball", and the boxes of all that it is true of, maybe none.

    None where it is true of something that is there and hidden.
    """
    view = still_view(setting)
    if rng.random() < _ABSENT_SHARE:
        shapes = SHAPES if setting.world == "first" else ALL_SHAPES
        attributes = {"colour": pick(tuple(COLOURS), rng), "shape": pick(shapes, rng)}
    else:
        attributes = attributes_of(pick(view.sight.seen, rng), pick(_NAMED_BY, rng))
    there = [
        thing
        for thing in view.scene.things
        if all(getattr(thing, attribute) == value for attribute, value in attributes.items())
    ]
    seen = view.sight.matching(attributes)
    if len(seen) < len(there):
        return None
    boxes = np.array([view.box(one) for one in seen]).reshape(-1, 4)
    return {"image": view.frame.rgb, "name": noun_phrase(attributes), "boxes": boxes}


def region_caption_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture, the box of one thing, and a sentence that tells its size, colour, material and shape."""
    view = still_view(setting)
    one = pick(view.sight.seen, rng)
    attributes = attributes_of(one, ATTRIBUTES)
    caption = pick(_REGION_CAPTIONS, rng).format(a_name=with_article(noun_phrase(attributes)))
    return {
        "image": view.frame.rgb,
        "box": view.box(one),
        "caption": sentence(caption),
        "facts": tuple(attributes.values()),
        "words": THING_WORDS,
    }


def segment_box_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture, the box of one thing, its shape's name, and its pixels."""
    view = still_view(setting)
    one = pick(view.sight.seen, rng)
    return {
        "image": view.frame.rgb,
        "box": view.box(one),
        "name": one.thing.shape,
        "mask": view.frame.ids == one.index,
    }


def point_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an expression, the pixels of what it means, and a point well inside them."""
    view = still_view(setting)
    reference = referring(view.sight, rng)
    if reference is None:
        return None
    mask = view.frame.ids == reference.index
    point = inmost_pixel(mask)
    return {"image": view.frame.rgb, "expression": reference.text, "point": point, "mask": mask}
