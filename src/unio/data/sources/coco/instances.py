"""COCO instances: ``annotations/instances_train2017.json``; LVIS and Objects365 write the same.

Raw annotation::

    {"image_id": 9, "category_id": 51, "bbox": [1.08, 187.69, 611.59, 285.84], "iscrowd": 0,
     "segmentation": [[500.49, 473.53, 599.73, 419.6, ..]]}

Families: ``detect``, ``localise`` (all boxes of one category), ``region_class``, ``segment`` (all pixels of
one category), ``segment_box`` (the pixels of the thing in a box), ``image_from_segmentation``, ``tag``.
Crowds are no single thing: they are left out of the boxes, and a picture of nothing else is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from unio.core import Config
from unio.data.sources.captioned import completed
from unio.data.sources.coco.annotations import (
    CocoFile,
    CocoImage,
    category_colour,
    pixel_box,
    read_coco,
)
from unio.data.sources.coco.masks import decode_mask
from unio.data.sources.reader import Reader, Record, Shelf

__all__ = ["CocoInstances"]


class CocoInstances(Config):
    """Boxes, names and masks in COCO's layout."""

    kind: Literal["coco_instances"] = Field(description="This format.")
    annotations: str = Field(description="The instances' JSON file.")
    images: str = Field(description="Folder of the pictures (LVIS: the one that holds train2017/).")
    max_boxes: int = Field(
        default=20, gt=0, description="Most boxes of a detection; a picture with more shows the largest."
    )

    def open(self, folder: Path) -> Reader:
        """Read the annotations. Raises ``InputError`` for files that are missing or broken."""
        file = read_coco(folder, self.annotations, self.images, needs=("bbox", "category_id"))
        images = [image for image in file.images if any(map(_is_thing, image.annotations))]
        masked = [image for image in images if any(map(_has_mask, image.annotations))]
        makers = _Makers(file=file, max_boxes=self.max_boxes)
        shelves = {
            "detect": (images, makers.detect),
            "localise": (images, makers.localise),
            "region_class": (images, makers.region),
            "tag": (images, makers.tag),
            "segment": (masked, makers.segment),
            "segment_box": (masked, makers.segment_box),
            "image_from_segmentation": (masked, makers.painted),
        }
        return Reader(
            name=file.path.name,
            shelves={
                task: Shelf(entries=entries, record=record, place=file.place)
                for task, (entries, record) in shelves.items()
            },
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Makers:
    file: CocoFile
    max_boxes: int

    def detect(self, image: CocoImage, rng: np.random.Generator) -> Record:
        del rng  # the family shuffles
        boxed = [(_box(image, thing), thing) for thing in image.annotations if _is_thing(thing)]
        boxed.sort(key=lambda pair: float(np.prod(pair[0][2:] - pair[0][:2])), reverse=True)
        shown = boxed[: self.max_boxes]
        return {
            "image": image.load(),
            "boxes": np.array([box for box, _ in shown]),
            "labels": tuple(self.file.label(thing) for _, thing in shown),
        }

    def localise(self, image: CocoImage, rng: np.random.Generator) -> Record:
        name, things = self._drawn_category(image, rng)
        return {"image": image.load(), "name": name, "boxes": np.array([_box(image, one) for one in things])}

    def region(self, image: CocoImage, rng: np.random.Generator) -> Record:
        thing = _drawn(filter(_is_thing, image.annotations), rng)
        return {"image": image.load(), "box": _box(image, thing), "label": self.file.label(thing)}

    def tag(self, image: CocoImage, rng: np.random.Generator) -> Record:
        del rng  # tags are written in one order, the alphabet's
        return {"image": image.load(), "tags": tuple(sorted(set(map(self.file.label, image.annotations))))}

    def segment(self, image: CocoImage, rng: np.random.Generator) -> Record:
        label = self.file.label(_drawn(filter(_has_mask, image.annotations), rng))
        alike = [one for one in image.annotations if _has_mask(one) and self.file.label(one) == label]
        mask = np.any([_mask(image, one) for one in alike], axis=0)
        return {"image": image.load(), "expression": label, "mask": mask}

    def segment_box(self, image: CocoImage, rng: np.random.Generator) -> Record:
        thing = _drawn((one for one in image.annotations if _is_thing(one) and _has_mask(one)), rng)
        return {"image": image.load(), "box": _box(image, thing), "mask": _mask(image, thing)}

    def painted(self, image: CocoImage, rng: np.random.Generator) -> Record:
        """Every thing flat in its category's colour on grey, the larger ones first."""
        del rng  # a picture has one map
        masks = [(_mask(image, one), one) for one in image.annotations if _has_mask(one)]
        masks.sort(key=lambda pair: int(pair[0].sum()), reverse=True)
        flat = np.full((image.height, image.width, 3), 128, np.uint8)
        for mask, thing in masks:
            flat[mask] = category_colour(int(thing["category_id"]))
        names = dict.fromkeys(self.file.label(thing) for _, thing in masks)
        fields = {"image": flat, "description": ", ".join(names), "picture": image.load()}
        return completed("image_from_segmentation", fields)

    def _drawn_category(
        self, image: CocoImage, rng: np.random.Generator
    ) -> tuple[str, list[Mapping[str, Any]]]:
        things = list(filter(_is_thing, image.annotations))
        name = self.file.label(_drawn(things, rng))
        return name, [one for one in things if self.file.label(one) == name][: self.max_boxes]


def _is_thing(annotation: Mapping[str, Any]) -> bool:
    return not annotation.get("iscrowd", 0)


def _has_mask(annotation: Mapping[str, Any]) -> bool:
    return bool(annotation.get("segmentation")) and _is_thing(annotation)


def _drawn(things: Any, rng: np.random.Generator) -> Mapping[str, Any]:
    listed = list(things)
    return listed[int(rng.integers(len(listed)))]


def _box(image: CocoImage, annotation: Mapping[str, Any]) -> np.ndarray:
    return pixel_box(annotation, height=image.height, width=image.width)


def _mask(image: CocoImage, annotation: Mapping[str, Any]) -> np.ndarray:
    return decode_mask(annotation["segmentation"], height=image.height, width=image.width)
