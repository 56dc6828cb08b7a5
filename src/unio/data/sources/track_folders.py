"""A folder a film, its frames as pictures and a box a line: GOT-10k, LaSOT and other tracking sets.

Layout::

    train/GOT-10k_Train_000001/groundtruth.txt    "347.0,443.0,429.0,272.0" a line: x y width height
    train/GOT-10k_Train_000001/00000001.jpg       LaSOT: airplane/airplane-1/img/00000001.jpg

Family: ``track``, a few frames from anywhere in a film, the thing in view in the first and the last of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.files import IMAGE_SUFFIXES, find_file
from unio.data.sources.match_files import match_files
from unio.data.sources.reader import Reader, Record, Shelf
from unio.media import load_image

__all__ = ["TrackFolders"]

ATTEMPTS = 20


class TrackFolders(Config):
    """Films as folders of pictures with a box for each."""

    kind: Literal["track_folders"] = Field(description="This format.")
    boxes: str = Field(description="Pattern of the files of boxes, such as train/*/groundtruth.txt.")
    images: str = Field(default=".", description="Where the pictures lie, from the file of boxes.")
    history: int = Field(default=4, ge=1, le=8, description="Earlier frames that are shown.")
    stride: int = Field(default=8, gt=0, description="Most frames from one that is shown to the next.")

    def open(self, folder: Path) -> Reader:
        """List the films. Raises ``InputError`` where there is none, or one lacks pictures."""
        films = [self._film(path) for path in match_files(folder, self.boxes)]
        shelf = Shelf(entries=films, record=_track, place=lambda film: f"film {film.boxes.parent.name}")
        return Reader(name=self.boxes, shelves={"track": shelf})

    def _film(self, boxes: Path) -> "_Film":
        frames = [
            path
            for path in sorted(find_file(boxes.parent, self.images).iterdir())
            if path.suffix.lower() in IMAGE_SUFFIXES
        ]
        if len(frames) <= self.history:
            raise InputError(
                f"the film {boxes.parent.name} is too short",
                got=f"{len(frames)} pictures",
                expected=f"more than {self.history}",
            )
        return _Film(boxes=boxes, frames=frames, source=self)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Film:
    boxes: Path
    frames: Sequence[Path]
    source: TrackFolders


def _track(film: _Film, rng: np.random.Generator) -> Record:
    boxes = _read_boxes(film.boxes)
    if len(boxes) != len(film.frames):
        raise InputError(
            f"{film.boxes.name} does not fit its pictures", got=f"{len(boxes)} boxes, {len(film.frames)}"
        )
    steps = film.source.history
    for _ in range(ATTEMPTS):
        stride = int(rng.integers(1, min(film.source.stride, (len(boxes) - 1) // steps) + 1))
        first = int(rng.integers(len(boxes) - stride * steps))
        shown = [first + stride * step for step in range(steps + 1)]
        if _is_seen(boxes[shown[0]]) and _is_seen(boxes[shown[-1]]):
            *history, image = [load_image(film.frames[at]) for at in shown]
            return {
                "image_history": tuple(history),
                "image": image,
                "first_box": _corners(boxes[shown[0]], image.shape),
                "box": _corners(boxes[shown[-1]], image.shape),
            }
    raise InputError("the thing is hardly ever in view", fix="leave the film out")


def _read_boxes(path: Path) -> Float[np.ndarray, "frames 4"]:
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return np.array([[float(part) for part in line.replace(",", " ").split()] for line in lines]).reshape(
            len(lines), 4
        )
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot read {path.name}", got=str(error)[:80], expected="x, y, width, height a line"
        ) from error


def _is_seen(box: Float[np.ndarray, " 4"]) -> bool:
    return bool(np.isfinite(box).all() and box[2] >= 1 and box[3] >= 1)


def _corners(box: Float[np.ndarray, " 4"], shape: Sequence[int]) -> Float[np.ndarray, " 4"]:
    x, y, wide, high = box
    height, width = shape[:2]
    cut = np.array([max(y, 0), max(x, 0), min(y + high, height), min(x + wide, width)])
    if cut[2] <= cut[0] or cut[3] <= cut[1]:
        raise InputError("a box outside its picture", got=box.tolist(), expected=f"in {height} x {width}")
    return cut
