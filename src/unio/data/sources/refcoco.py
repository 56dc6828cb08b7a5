"""RefCOCO, RefCOCO+ and RefCOCOg: expressions that mean one thing of a COCO picture.

Layout (the REFER toolkit's, with the references as JSON)::

    refcoco/instances.json      COCO instances of the pictures used
    refcoco/refs(unc).json      the references
    train2014/COCO_train2014_000000581857.jpg

Raw reference::

    {"ref_id": 0, "ann_id": 1719310, "image_id": 581857, "split": "train",
     "sentences": [{"sent": "the lady with the blue shirt"}]}

The toolkit gives the references out as a Python pickle, ``refs(unc).p``. A pickle is a program, and running
it can do anything, so it is not read here; the error tells how to turn it into JSON where it is trusted.

Families: ``refer``, ``segment_refer``, ``segment``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.coco.annotations import CocoImage, pixel_box, read_coco
from unio.data.sources.coco.masks import decode_mask
from unio.data.sources.files import inside, read_json, rows_of
from unio.data.sources.reader import Reader, Record, Shelf

__all__ = ["RefCoco"]


class RefCoco(Config):
    """Referring expressions in the REFER toolkit's layout."""

    kind: Literal["refcoco"] = Field(description="This format.")
    references: str = Field(description="The references' JSON file.")
    annotations: str = Field(default="instances.json", description="The COCO instances that they point at.")
    images: str = Field(description="Folder of the pictures.")
    split: str = Field(default="train", description="Which references: train, val, testA, testB or test.")

    def open(self, folder: Path) -> Reader:
        """Read the references. Raises ``InputError`` for files that are missing, broken or a pickle."""
        path = inside(folder, self.references)
        _refuse_pickle(path)
        file = read_coco(folder, self.annotations, self.images, needs=("id", "bbox"))
        things = {
            (image.identity, annotation["id"]): (image, annotation)
            for image in file.images
            for annotation in image.annotations
        }
        entries: list[_Reference] = []
        needs = ("image_id", "ann_id", "split", "sentences")
        for number, row in enumerate(rows_of(read_json(path), None, path=path, needs=needs)):
            if row["split"] != self.split or not row["sentences"]:
                continue
            found = things.get((row["image_id"], row["ann_id"]))
            if found is None:
                raise InputError(
                    f"{path.name}, entry {number} points at no annotation",
                    got=f"image {row['image_id']}, annotation {row['ann_id']}",
                )
            sentences = tuple(str(one["sent"]) for one in row["sentences"])
            place = f"{path.name}, entry {number}"
            entries.append(_Reference(image=found[0], thing=found[1], sentences=sentences, place=place))
        return Reader(
            name=path.name,
            shelves={
                task: Shelf(entries=entries, record=record, place=lambda entry: entry.place)
                for task, record in (("refer", _refer), ("segment_refer", _segment), ("segment", _segment))
            },
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Reference:
    image: CocoImage
    thing: Mapping[str, Any]
    sentences: tuple[str, ...]
    place: str

    def drawn(self, rng: np.random.Generator) -> str:
        return self.sentences[int(rng.integers(len(self.sentences)))].strip()


def _refer(entry: _Reference, rng: np.random.Generator) -> Record:
    box = pixel_box(entry.thing, height=entry.image.height, width=entry.image.width)
    return {"image": entry.image.load(), "expression": entry.drawn(rng), "box": box}


def _segment(entry: _Reference, rng: np.random.Generator) -> Record:
    size = {"height": entry.image.height, "width": entry.image.width}
    mask = decode_mask(entry.thing.get("segmentation"), **size)
    return {"image": entry.image.load(), "expression": entry.drawn(rng), "mask": mask}


def _refuse_pickle(path: Path) -> None:
    if path.suffix in (".p", ".pkl", ".pickle"):
        raise InputError(
            f"{path.name} is a pickle, which is code",
            expected="JSON",
            fix='where you trust the file: python -c "import json, pickle, sys; '
            "json.dump(pickle.load(open(sys.argv[1], 'rb')), open(sys.argv[2], 'w'))\" refs.p refs.json",
        )
