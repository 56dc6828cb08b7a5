"""Visual Genome: regions with phrases, objects, relations and questions, one JSON file each.

Layout (any of the JSON files may be missing)::

    image_data.json  region_descriptions.json  objects.json  relationships.json  question_answers.json
    VG_100K/2.jpg

Raw entries::

    {"id": 2, "regions": [{"x": 35, "y": 140, "width": 89, "height": 76, "phrase": "a black road"}]}
    {"image_id": 2, "objects": [{"x": 1, "y": 2, "w": 30, "h": 40, "names": ["road"]}]}
    {"image_id": 2, "relationships": [{"predicate": "ON", "subject": {"names": ["car"]}, "object": {..}}]}
    {"id": 2, "qas": [{"question": "What is black?", "answer": "Road."}]}

Families: ``region_caption``, ``detect``, ``localise``, ``region_class``, ``relations``, ``vqa``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.captioned import completed
from unio.data.sources.files import find_file, inside, read_json, rows_of
from unio.data.sources.reader import Reader, Record, Shelf
from unio.media import load_image
from unio.schema import Picture

__all__ = ["VisualGenome"]

Items = list[dict[str, Any]]


class VisualGenome(Config):
    """Visual Genome's own JSON files."""

    kind: Literal["visual_genome"] = Field(description="This format.")
    images: tuple[str, ...] = Field(
        default=("VG_100K", "VG_100K_2"), min_length=1, description="Folders the pictures may be in."
    )
    files: tuple[str, ...] = Field(
        default=(), description="Only these of its JSON files; none: all there are."
    )
    max_boxes: int = Field(default=20, gt=0, description="Most boxes of a detection, the largest first.")

    def open(self, folder: Path) -> Reader:
        """Read the files that are there. Raises ``InputError`` where none is, or one is broken."""
        find_file(folder, self.images[0])
        shelves: dict[str, Shelf] = {}
        for name, (key, items, tasks) in _FILES.items():
            path = inside(folder, name)
            if (self.files and name not in self.files) or not path.exists():
                continue
            entries = [
                _Image(
                    identity=int(row[key]),
                    items=row[items],
                    place=f"{name}, image {row[key]}",
                    source=self,
                    folder=folder,
                )
                for row in rows_of(read_json(path), None, path=path, needs=(key, items))
                if row[items]
            ]
            shelves |= {
                task: Shelf(entries=entries, record=record, place=lambda entry: entry.place)
                for task, record in tasks.items()
            }
        if not shelves:
            raise InputError(f"{folder} has no file of Visual Genome", expected=f"one of {', '.join(_FILES)}")
        return Reader(name="Visual Genome", shelves=shelves)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Image:
    identity: int
    items: Items
    place: str
    source: VisualGenome
    folder: Path

    def load(self) -> Picture:
        names = [f"{base}/{self.identity}.jpg" for base in self.source.images]
        paths = [inside(self.folder, name) for name in names]
        return load_image(next((path for path in paths if path.exists()), paths[0]))

    def drawn(self, rng: np.random.Generator) -> Mapping[str, Any]:
        return self.items[int(rng.integers(len(self.items)))]


def _region_caption(image: _Image, rng: np.random.Generator) -> Record:
    region, picture = image.drawn(rng), image.load()
    caption = " ".join(str(region["phrase"]).split())
    box = _box(region, picture, wide="width", high="height")
    return completed("region_caption", {"image": picture, "box": box, "caption": caption})


def _detect(image: _Image, rng: np.random.Generator) -> Record:
    del rng  # the family shuffles
    picture = image.load()
    largest = sorted(image.items, key=lambda one: float(one["w"]) * float(one["h"]), reverse=True)
    shown = largest[: image.source.max_boxes]
    boxes = np.array([_box(one, picture, wide="w", high="h") for one in shown])
    return {"image": picture, "boxes": boxes, "labels": tuple(_name(one) for one in shown)}


def _localise(image: _Image, rng: np.random.Generator) -> Record:
    name, picture = _name(image.drawn(rng)), image.load()
    boxes = [_box(one, picture, wide="w", high="h") for one in image.items if _name(one) == name]
    return {"image": picture, "name": name, "boxes": np.array(boxes)}


def _region_class(image: _Image, rng: np.random.Generator) -> Record:
    thing, picture = image.drawn(rng), image.load()
    return {"image": picture, "box": _box(thing, picture, wide="w", high="h"), "label": _name(thing)}


def _relations(image: _Image, rng: np.random.Generator) -> Record:
    """All that is said of the things of one name."""
    name = _name(image.drawn(rng)["subject"])
    said = [
        f"{str(one['predicate']).lower().strip()} {_name(one['object'])}"
        for one in image.items
        if _name(one["subject"]) == name
    ]
    return {"image": image.load(), "name": name, "relations": tuple(dict.fromkeys(said))}


def _question(image: _Image, rng: np.random.Generator) -> Record:
    asked = image.drawn(rng)
    question, answer = str(asked["question"]).strip(), str(asked["answer"]).strip(" .")
    return {"image": image.load(), "question": question, "answer": answer}


def _name(thing: Mapping[str, Any]) -> str:
    names = thing.get("names") or ([thing["name"]] if thing.get("name") else [])
    if not names:
        raise InputError("a thing without name", got=", ".join(thing), expected="'names' or 'name'")
    return str(names[0]).lower().strip()


def _box(thing: Mapping[str, Any], picture: Picture, *, wide: str, high: str) -> Float[np.ndarray, " 4"]:
    """x, y and sizes as y1 x1 y2 x2, cut at the picture's edges, where many of these boxes lie beyond."""
    height, width = picture.shape[:2]
    y, x = float(thing["y"]), float(thing["x"])
    box = np.array(
        [max(y, 0), max(x, 0), min(y + float(thing[high]), height), min(x + float(thing[wide]), width)]
    )
    if box[2] <= box[0] or box[3] <= box[1]:
        raise InputError("a box outside its picture", got=box.tolist(), expected=f"in {height} x {width}")
    return box


_FILES: dict[str, tuple[str, str, dict[str, Callable[[_Image, np.random.Generator], Record]]]] = {
    "region_descriptions.json": ("id", "regions", {"region_caption": _region_caption}),
    "objects.json": (
        "image_id",
        "objects",
        {"detect": _detect, "localise": _localise, "region_class": _region_class},
    ),
    "relationships.json": ("image_id", "relationships", {"relations": _relations}),
    "question_answers.json": ("id", "qas", {"vqa": _question}),
}
"""File -> (the picture's key, its list, what a list's items are used for)."""
