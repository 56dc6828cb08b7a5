"""COCO captions: ``annotations/captions_train2017.json`` and the pictures.

Raw entry::

    {"images": [{"id": 9, "file_name": "000000000009.jpg", "height": 480, "width": 640}],
     "annotations": [{"image_id": 9, "caption": "Closeup of bins of food that include broccoli and bread."}]}

Families: ``caption`` (one of a picture's captions, drawn each time), ``image_from_text``.
"""

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from unio.core import Config
from unio.data.sources.captioned import completed
from unio.data.sources.coco.annotations import CocoImage, read_coco
from unio.data.sources.reader import Reader, Record, Shelf

__all__ = ["CocoCaptions"]


class CocoCaptions(Config):
    """Captions in COCO's layout; also NoCaps, TextCaps-like files and Localized Narratives turned into it."""

    kind: Literal["coco_captions"] = Field(description="This format.")
    annotations: str = Field(description="The captions' JSON file.")
    images: str = Field(description="Folder of the pictures.")

    def open(self, folder: Path) -> Reader:
        """Read the captions. Raises ``InputError`` for files that are missing or broken."""
        file = read_coco(folder, self.annotations, self.images, needs=("caption",))
        return Reader(
            name=file.path.name,
            shelves={
                "caption": Shelf(entries=file.images, record=_caption, place=file.place),
                "image_from_text": Shelf(entries=file.images, record=_from_text, place=file.place),
            },
        )


def _drawn_caption(image: CocoImage, rng: np.random.Generator) -> str:
    annotation = image.annotations[int(rng.integers(len(image.annotations)))]
    return " ".join(str(annotation["caption"]).split())


def _caption(image: CocoImage, rng: np.random.Generator) -> Record:
    return {"image": image.load(), "caption": _drawn_caption(image, rng)}


def _from_text(image: CocoImage, rng: np.random.Generator) -> Record:
    fields = {"description": _drawn_caption(image, rng), "picture": image.load()}
    return completed("image_from_text", fields)
