"""The JSON that all COCO formats share: pictures, categories, and annotations that point at both."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.core import InputError, random_stream
from unio.data.sources.files import inside, read_json, rows_of
from unio.media import load_image
from unio.schema import Picture

__all__ = ["CocoFile", "CocoImage", "category_colour", "pixel_box", "read_coco"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CocoImage:
    """A picture's file, its size as annotated, and its annotations; ``raw`` is its JSON entry."""

    identity: int
    path: Path
    height: int
    width: int
    annotations: Sequence[Mapping[str, Any]]
    raw: Mapping[str, Any]

    def load(self) -> Picture:
        """The picture. Raises ``InputError`` if it has not the size that its annotations speak of."""
        picture = load_image(self.path)
        if self.height and picture.shape[:2] != (self.height, self.width):
            raise InputError(
                f"{self.path.name} is not the picture that was annotated",
                got=f"{picture.shape[0]} x {picture.shape[1]} pixels",
                expected=f"{self.height} x {self.width}",
            )
        return picture


@dataclass(frozen=True, kw_only=True, eq=False)
class CocoFile:
    """One annotation file: its pictures that have annotations, and its category names by id."""

    path: Path
    images: Sequence[CocoImage]
    categories: Mapping[int, str]

    def place(self, image: CocoImage) -> str:
        """Where an image's annotations stand, for errors."""
        return f"{self.path.name}, image {image.identity}"

    def label(self, annotation: Mapping[str, Any]) -> str:
        """The category's name. Raises ``InputError`` for one that the file does not list."""
        identity: Any = annotation.get("category_id")
        if identity not in self.categories:
            raise InputError("unknown category", got=identity, expected="an id in 'categories'")
        return self.categories[identity]


def read_coco(folder: Path, annotations: str, images: str, *, needs: Sequence[str]) -> CocoFile:
    """Read the file ``annotations``; pictures lie in ``images``. Both are names inside ``folder``.

    ``needs`` are the fields that an annotation must have besides ``image_id``. Raises ``InputError`` for a
    missing file or field, or an annotation of a picture that the file does not list.
    """
    path = inside(folder, annotations)
    value = read_json(path)
    pictures = rows_of(value, "images", path=path, needs=("id",))
    categories = (
        rows_of(value, "categories", path=path, needs=("id", "name")) if "categories" in value else []
    )
    known = {row["id"] for row in pictures}
    by_image: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows_of(value, "annotations", path=path, needs=("image_id", *needs)):
        if row["image_id"] not in known:
            raise InputError(
                f"{path.name}: annotation of an unknown image", got=f"image_id {row['image_id']}"
            )
        by_image[row["image_id"]].append(row)
    base = inside(folder, images)
    return CocoFile(
        path=path,
        images=[
            CocoImage(
                identity=row["id"],
                path=inside(base, picture_name(row)),
                height=int(row.get("height", 0)),
                width=int(row.get("width", 0)),
                annotations=by_image[row["id"]],
                raw=row,
            )
            for row in pictures
            if row["id"] in by_image
        ],
        categories={row["id"]: str(row["name"]).replace("_", " ") for row in categories},
    )


def picture_name(row: Mapping[str, Any]) -> str:
    """A picture's file: ``file_name``, or the end of LVIS's ``coco_url`` (``train2017/000000000009.jpg``)."""
    if "file_name" in row:
        return str(row["file_name"])
    if "coco_url" in row:
        return "/".join(str(row["coco_url"]).split("/")[-2:])
    raise InputError(f"image {row['id']} has no file", expected="'file_name' or 'coco_url'")


def category_colour(category: int) -> tuple[int, ...]:
    """The colour that a category has in every painted map."""
    return tuple(int(value) for value in random_stream(0, "category colour", category).integers(40, 256, 3))


def pixel_box(annotation: Mapping[str, Any], *, height: int, width: int) -> Float[np.ndarray, " 4"]:
    """COCO's x, y, width, height as y1 x1 y2 x2 in pixels, cut at the picture's edges.

    Raises ``InputError`` for a box that is none.
    """
    try:
        x, y, wide, high = (float(number) for number in annotation["bbox"])
    except (TypeError, ValueError, KeyError):
        raise InputError(
            "bad box", got=repr(annotation.get("bbox"))[:60], expected="x, y, width, height"
        ) from None
    box = np.array([max(y, 0), max(x, 0), min(y + high, height), min(x + wide, width)])
    if not np.isfinite(box).all() or box[2] <= box[0] or box[3] <= box[1]:
        raise InputError(
            "an empty box, or one outside its picture",
            got=[x, y, wide, high],
            expected=f"in {height} x {width}",
        )
    return box
