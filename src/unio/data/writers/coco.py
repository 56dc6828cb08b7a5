"""COCO JSON of the playroom: boxes, masks and names of things, and the dolls' keypoints.

Layout::

    images/00000/000000.png ..
    annotations/instances.json            all shards in one file, as COCO's readers expect
    annotations/person_keypoints.json     in the full world, where dolls are
    annotations/parts/00000.json          each shard's own share

Categories are a thing's colour and shape, in a fixed order. Masks are run lengths of the pixels seen.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from unio.data.sources.playroom import PlayroomSource
from unio.data.sources.playroom.views import View
from unio.data.writers.pictures import encode_png
from unio.data.writers.run_lengths import run_lengths
from unio.data.writers.shards import Plan
from unio.media import write_whole
from unio.playroom import ALL_SHAPES, COLOURS
from unio.playroom.doll import KEYPOINTS, SKELETON
from unio.playroom.language import Seen

__all__ = ["CATEGORIES", "KEYPOINTS_BUILDER", "CocoShards"]

CATEGORIES = {
    f"{colour} {shape}": 1 + number
    for number, (colour, shape) in enumerate((colour, shape) for colour in COLOURS for shape in ALL_SHAPES)
}
"""Name -> id."""

KEYPOINTS_BUILDER = "keypoints.yaml"
"""Opens the dolls' keypoints, where there are dolls."""

SEEN, HIDDEN, OUTSIDE = 2, 1, 0
"""COCO's v: labelled and visible, labelled but covered, not labelled."""

COVER_METRES = 0.06
"""How much nearer than a keypoint, which lies inside the body, the surface in front of it may be."""


@dataclass(frozen=True, kw_only=True)
class CocoShards:
    """Pictures with boxes, masks and names."""

    source: PlayroomSource
    seed: int = 0

    def marker(self, shard: int) -> str:
        """The shard's share of the annotations."""
        return f"annotations/parts/{shard:05d}.json"

    def write(self, folder: Path, shard: int, numbers: range) -> None:
        """The pictures, then their annotations."""
        images: list[dict[str, Any]] = []
        instances: list[dict[str, Any]] = []
        people: list[dict[str, Any]] = []
        for number in numbers:
            view = self.source.view(self.seed, number)
            name = f"{shard:05d}/{number:06d}.png"
            write_whole(folder / "images" / name, encode_png(view.frame.rgb))
            size = len(view.frame.ids)
            images.append({"id": number, "file_name": name, "height": size, "width": size})
            for one, annotation in _annotations(view, number):
                instances.append(annotation)
                if one.thing.shape == "doll":
                    people.append({**annotation, "category_id": 1, **_keypoints(view, one)})
        part = {"images": images, "instances": instances, "people": people}
        write_whole(folder / self.marker(shard), json.dumps(part).encode())

    def finish(self, folder: Path, plan: Plan) -> None:
        """All shares as the files that COCO's readers open."""
        parts = [json.loads((folder / self.marker(shard)).read_bytes()) for shard in range(plan.shards)]
        images = [image for part in parts for image in part["images"]]
        things = [
            {"id": number, "name": name, "supercategory": "thing"} for name, number in CATEGORIES.items()
        ]
        person = {
            "id": 1,
            "name": "person",
            "keypoints": [name.replace(" ", "_") for name in KEYPOINTS],
            "skeleton": [[first + 1, second + 1] for first, second in SKELETON],
        }
        for name, key, categories in (
            ("instances", "instances", things),
            ("person_keypoints", "people", [person]),
        ):
            annotations = [
                {"id": number, **one}
                for number, one in enumerate((one for part in parts for one in part[key]), 1)
            ]
            value = {"images": images, "annotations": annotations, "categories": categories}
            write_whole(folder / "annotations" / f"{name}.json", json.dumps(value).encode())
        if any(part["people"] for part in parts):
            write_whole(folder / KEYPOINTS_BUILDER, yaml.safe_dump(_people_builder(plan)).encode())

    def settings(self) -> dict[str, Any]:
        """Source and seed."""
        return {"format": "coco", "source": asdict(self.source), "seed": self.seed}

    def builder(self, plan: Plan) -> dict[str, Any]:
        """Reads the instances; the dolls have a builder of their own, `KEYPOINTS_BUILDER`."""
        return _builder("instances", plan, what="boxes, masks and names")


def _people_builder(plan: Plan) -> dict[str, Any]:
    return {
        **_builder("person_keypoints", plan, what="the keypoints of dolls"),
        "name": "playroom_keypoints",
    }


def _builder(file: str, plan: Plan, *, what: str) -> dict[str, Any]:
    kind = {"instances": "coco_instances", "person_keypoints": "coco_keypoints"}[file]
    return {
        "name": "playroom_coco",
        "title": f"{plan.count} pictures of the playroom with {what}",
        "licence": "Apache-2.0, as unio itself",
        "get": "unio playroom render --format coco",
        "folder": f"annotations/{file}.json, images/",
        "reader": {"kind": kind, "annotations": f"annotations/{file}.json", "images": "images"},
    }


def _annotations(view: View, number: int) -> Iterator[tuple[Seen, dict[str, Any]]]:
    """What is in view, left to right, with its annotation but for the id."""
    for one in view.sight.seen:
        mask = view.frame.ids == one.index
        y1, x1, y2, x2 = view.box(one).tolist()
        yield (
            one,
            {
                "image_id": number,
                "category_id": CATEGORIES[view.short_label(one)],
                "bbox": [x1, y1, x2 - x1, y2 - y1],
                "area": int(mask.sum()),
                "iscrowd": 0,
                "segmentation": run_lengths(mask),
            },
        )


def _keypoints(view: View, one: Seen) -> dict[str, Any]:
    """A doll's 17 keypoints: seen, covered, or out of the picture."""
    size = len(view.frame.ids)
    seen = view.scene.camera.project(one.thing.keypoints())
    triples: list[float] = []
    for (y, x), depth in zip(seen.points.tolist(), seen.depth.tolist(), strict=True):
        if not (0 <= y < 1 and 0 <= x < 1 and depth > 0):
            triples += [0, 0, OUTSIDE]
            continue
        surface = float(view.frame.depth[int(y * size), int(x * size)])
        is_covered = 0 < surface < depth - COVER_METRES
        triples += [x * size, y * size, HIDDEN if is_covered else SEEN]
    labelled = int(np.count_nonzero(triples[2::3]))
    return {"keypoints": triples, "num_keypoints": labelled}
