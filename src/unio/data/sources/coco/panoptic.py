"""COCO panoptic: a JSON of segments and one PNG a picture whose colours number them.

Layout::

    annotations/panoptic_train2017.json
    annotations/panoptic_train2017/000000000009.png     a pixel's segment id is R + 256 G + 65536 B
    train2017/000000000009.jpg

Raw annotation::

    {"image_id": 9, "file_name": "000000000009.png",
     "segments_info": [{"id": 8345037, "category_id": 51, "iscrowd": 0, "bbox": [..]}]}

Families: ``segment`` (all pixels of one category, things and stuff), ``image_from_segmentation``, ``tag``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.coco.annotations import CocoFile, CocoImage, category_colour, read_coco
from unio.data.sources.files import inside
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.sources.telling_words import COMMON_PALETTE
from unio.data.tasks.image_from_segmentation import UNCOUNTED
from unio.media import load_image

__all__ = ["CocoPanoptic"]


class CocoPanoptic(Config):
    """Panoptic segments in COCO's layout."""

    kind: Literal["coco_panoptic"] = Field(description="This format.")
    annotations: str = Field(description="The panoptic JSON file.")
    images: str = Field(description="Folder of the pictures.")
    maps: str = Field(description="Folder of the PNG maps.")

    def open(self, folder: Path) -> Reader:
        """Read the annotations. Raises ``InputError`` for files that are missing or broken."""
        file = read_coco(folder, self.annotations, self.images, needs=("file_name", "segments_info"))
        makers = _Makers(file=file, maps=inside(folder, self.maps))
        return Reader(
            name=file.path.name,
            shelves={
                task: Shelf(entries=file.images, record=record, place=file.place)
                for task, record in (
                    ("segment", makers.segment),
                    ("image_from_segmentation", makers.painted),
                    ("tag", makers.tag),
                )
            },
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Makers:
    file: CocoFile
    maps: Path

    def segment(self, image: CocoImage, rng: np.random.Generator) -> Record:
        names = sorted({self.file.label(segment) for segment in self._segments(image)})
        name = names[int(rng.integers(len(names)))]
        wanted = [one["id"] for one in self._segments(image) if self.file.label(one) == name]
        return {"image": image.load(), "expression": name, "mask": np.isin(self._map(image), wanted)}

    def painted(self, image: CocoImage, rng: np.random.Generator) -> Record:
        """Every segment flat in its category's own colour; nobody knows the things' true colours."""
        del rng  # a picture has one map
        ids, segments = self._map(image), self._segments(image)
        flat = np.full((*ids.shape, 3), 128, np.uint8)
        for segment in segments:
            flat[ids == segment["id"]] = category_colour(int(segment["category_id"]))
        names = dict.fromkeys(self.file.label(segment) for segment in segments)
        return {
            "image": flat,
            "description": ", ".join(names),
            "picture": image.load(),
            "regions": np.full(ids.shape, UNCOUNTED),
            "palette": COMMON_PALETTE,
        }

    def tag(self, image: CocoImage, rng: np.random.Generator) -> Record:
        del rng  # tags are written in one order, the alphabet's
        tags = sorted({self.file.label(segment) for segment in self._segments(image)})
        return {"image": image.load(), "tags": tuple(tags)}

    def _segments(self, image: CocoImage) -> Sequence[Mapping[str, Any]]:
        segments: Sequence[Mapping[str, Any]] = image.annotations[0]["segments_info"]
        if not segments:
            raise InputError("the picture has no segments", fix="leave it out of the file")
        return segments

    def _map(self, image: CocoImage) -> Int[np.ndarray, "height width"]:
        colours = load_image(inside(self.maps, str(image.annotations[0]["file_name"]))).astype(np.int64)
        ids = colours @ np.array([1, 256, 65536])
        if image.height and ids.shape != (image.height, image.width):
            raise InputError("the map has another size than its picture", got=ids.shape)
        return ids
