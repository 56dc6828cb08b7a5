"""COCO keypoints: ``annotations/person_keypoints_train2017.json``.

Raw annotation, 17 triples x, y, v (v 0: not annotated, 1: hidden, 2: seen)::

    {"image_id": 9, "bbox": [x, y, width, height], "num_keypoints": 12, "keypoints": [229, 256, 2, ..]}

Family: ``keypoints``, one person a time, drawn among those with an annotated point.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.coco.annotations import CocoImage, pixel_box, read_coco
from unio.data.sources.reader import Reader, Record, Shelf

__all__ = ["CocoKeypoints"]

PARTS = 17


class CocoKeypoints(Config):
    """A person's 17 parts in COCO's layout."""

    kind: Literal["coco_keypoints"] = Field(description="This format.")
    annotations: str = Field(description="The keypoints' JSON file.")
    images: str = Field(description="Folder of the pictures.")

    def open(self, folder: Path) -> Reader:
        """Read the annotations. Raises ``InputError`` for files that are missing or broken."""
        file = read_coco(folder, self.annotations, self.images, needs=("bbox", "keypoints"))
        images = [image for image in file.images if any(map(_is_posed, image.annotations))]
        shelf = Shelf(entries=images, record=_keypoints, place=file.place)
        return Reader(name=file.path.name, shelves={"keypoints": shelf})


def _is_posed(annotation: Mapping[str, Any]) -> bool:
    return not annotation.get("iscrowd", 0) and any(annotation["keypoints"][2::3])


def _keypoints(image: CocoImage, rng: np.random.Generator) -> Record:
    people = list(filter(_is_posed, image.annotations))
    person = people[int(rng.integers(len(people)))]
    try:
        triples = np.asarray(person["keypoints"], np.float64).reshape(PARTS, 3)
    except (TypeError, ValueError):
        raise InputError(
            "bad keypoints", got=f"{len(person['keypoints'])} numbers", expected=f"{PARTS} x (x, y, v)"
        ) from None
    return {
        "image": image.load(),
        "box": pixel_box(person, height=image.height, width=image.width),
        "points": triples[:, 1::-1],
        "known": triples[:, 2] > 0,
    }
