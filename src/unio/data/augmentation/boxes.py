"""Boxes asked for in other ways: by a property, in another format, several at once."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.core import InputError
from unio.data.tasks.box_property import PROPERTIES

__all__ = ["box_property_fields", "one_of_detected", "refer_many_fields"]

MOST_EXPRESSIONS = 4


def box_property_fields(reference: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``refer`` with the property to be told."""
    names = tuple(PROPERTIES)
    return {**reference, "property": names[int(rng.integers(len(names)))]}


def one_of_detected(detection: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``detect`` as one of ``refer``: a thing whose name is the only one of its kind.

    Where every name stands for several things, the largest of one name. Raises ``InputError`` for a
    picture without things.
    """
    boxes, labels = _things(detection)
    alone = _alone(labels)
    if alone:
        place = alone[int(rng.integers(len(alone)))]
        return {"image": detection["image"], "expression": f"the {labels[place]}", "box": boxes[place]}
    name = labels[int(rng.integers(len(labels)))]
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    place = max((at for at, label in enumerate(labels) if label == name), key=lambda at: float(areas[at]))
    return {"image": detection["image"], "expression": f"the largest {name}", "box": boxes[place]}


def refer_many_fields(detection: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``detect`` as up to `MOST_EXPRESSIONS` things of names of their own, in random order.

    Raises ``InputError`` where no name is the only one of its kind.
    """
    boxes, labels = _things(detection)
    alone = _alone(labels)
    if not alone:
        raise InputError("no thing with a name of its own", got=", ".join(labels)[:60])
    drawn = rng.permutation(alone)[: int(rng.integers(1, MOST_EXPRESSIONS + 1))]
    return {
        "image": detection["image"],
        "expressions": tuple(f"the {labels[place]}" for place in drawn),
        "boxes": boxes[drawn],
    }


def _things(detection: Mapping[str, Any]) -> tuple[np.ndarray, tuple[str, ...]]:
    boxes = np.asarray(detection["boxes"], np.float64).reshape(-1, 4)
    labels = tuple(str(label) for label in detection["labels"])
    if not labels or len(labels) != len(boxes):
        raise InputError("a picture without things", got=f"{len(boxes)} boxes, {len(labels)} names")
    return boxes, labels


def _alone(labels: tuple[str, ...]) -> list[int]:
    counts = Counter(labels)
    return [place for place, label in enumerate(labels) if counts[label] == 1]
