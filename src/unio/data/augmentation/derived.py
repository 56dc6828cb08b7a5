"""Which families follow from which, and readers that have them too.

A data set that brings boxes can also be asked for their centres, one with masks for a point on them: every
family of `DERIVED` is added to a reader that has data for one it follows from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from unio.core import InputError
from unio.data.augmentation.boxes import box_property_fields, one_of_detected, refer_many_fields
from unio.data.augmentation.captions import bounded_caption_fields
from unio.data.augmentation.masks import segment_in_box_fields, segment_many_fields
from unio.data.augmentation.surfaces import normal_at_fields, normal_axes_fields
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.tasks.scoring.masks import inmost_pixel

__all__ = ["DERIVED", "Derivation", "with_derived"]

Draw = Callable[[np.random.Generator], Record]
"""A record of the family that another follows from; each call may draw another part of the same entry."""

MOST_CLASSES = 4


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """How a family follows: ``base`` is the family it takes a record of, ``make`` makes the new one."""

    base: str
    make: Callable[[Draw, np.random.Generator], Record]


def with_derived(reader: Reader) -> Reader:
    """The reader, and the families that follow from those it has data for."""
    shelves = dict(reader.shelves)
    for task, ways in DERIVED.items():
        way = next((one for one in ways if one.base in reader.tasks), None)
        if task not in reader.tasks and way is not None:
            shelves[task] = _derived_shelf(reader.shelves[way.base], way)
    return Reader(name=reader.name, shelves=shelves)


def _derived_shelf(base: Shelf, way: Derivation) -> Shelf:
    def record(entry: Any, rng: np.random.Generator) -> Record:
        return way.make(lambda drawing: base.record(entry, drawing), rng)

    return replace(base, record=record)


def _once(make: Callable[[Record, np.random.Generator], Record]) -> Callable[[Draw, Any], Record]:
    return lambda draw, rng: make(draw(rng), rng)


def _many_classes(draw: Draw, rng: np.random.Generator) -> Record:
    return segment_many_fields([draw(rng) for _ in range(MOST_CLASSES)])


def _property_of_detected(detection: Record, rng: np.random.Generator) -> Record:
    return box_property_fields(one_of_detected(detection, rng), rng)


def _hole(region: Record, rng: np.random.Generator) -> Record:
    del rng
    said = str(region["caption" if "caption" in region else "label"])
    return {"image": region["image"], "box": region["box"], "description": said}


def _point(segment: Record, rng: np.random.Generator) -> Record:
    del rng
    mask = np.asarray(segment["mask"], bool)
    if not mask.any():
        raise InputError("an empty mask", got=str(segment["expression"])[:40])
    shown = {name: segment[name] for name in ("image", "expression")}
    return {**shown, "point": inmost_pixel(mask), "mask": mask}


DERIVED: Mapping[str, tuple[Derivation, ...]] = {
    "segment_many": (Derivation(base="segment", make=_many_classes),),
    "segment_in_box": (Derivation(base="segment", make=_once(segment_in_box_fields)),),
    "box_property": (
        Derivation(base="refer", make=_once(box_property_fields)),
        Derivation(base="detect", make=_once(_property_of_detected)),
    ),
    "refer_many": (Derivation(base="detect", make=_once(refer_many_fields)),),
    "bounded_caption": (Derivation(base="caption", make=_once(bounded_caption_fields)),),
    "normal_axes": (Derivation(base="normals", make=_once(normal_axes_fields)),),
    "normal_at": (Derivation(base="normals", make=_once(normal_at_fields)),),
    "inpaint": (
        Derivation(base="region_caption", make=_once(_hole)),
        Derivation(base="region_class", make=_once(_hole)),
    ),
    "point": (
        Derivation(base="segment_refer", make=_once(_point)),
        Derivation(base="segment", make=_once(_point)),
    ),
}
"""Family -> the ways it follows, the best first."""
