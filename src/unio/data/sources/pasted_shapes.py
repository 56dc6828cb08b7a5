"""Flat shapes pasted onto a picture, to be listed and counted: the synthetic examples of pre-training.

Example: a photograph, ``boxes`` of a red disc and two blue squares, "How many blue squares are there?" -> "2"
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from unio.schema import Picture

__all__ = ["SHAPE_COLOURS", "SHAPE_NAMES", "Pasted", "count_record", "list_record", "paste_shapes"]

SHAPE_NAMES = ("disc", "square", "triangle", "ring", "cross")

SHAPE_COLOURS: Mapping[str, tuple[int, int, int]] = {
    "red": (230, 25, 25),
    "green": (25, 170, 50),
    "blue": (30, 60, 220),
    "yellow": (250, 225, 25),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
}

MOST = 8
LEAST_SHARE, MOST_SHARE = 0.08, 0.22
"""A shape's side, in shorter sides of the picture."""

ATTEMPTS = 30


@dataclass(frozen=True, kw_only=True, eq=False)
class Pasted:
    """A picture with shapes that do not overlap; boxes y1 x1 y2 x2 in pixels, labels as "red disc"."""

    image: Picture
    boxes: Float[np.ndarray, "count 4"]
    labels: tuple[str, ...]


def paste_shapes(picture: Picture, rng: np.random.Generator) -> Pasted:
    """The picture with one to `MOST` shapes, where there is room for them."""
    height, width = (int(side) for side in picture.shape[:2])
    shown: Picture = np.array(picture)
    taken = np.zeros((height, width), bool)
    boxes: list[list[int]] = []
    labels: list[str] = []
    wanted = int(rng.integers(1, MOST + 1))
    for _ in range(ATTEMPTS):
        if len(boxes) == wanted:
            break
        side = max(3, int(min(height, width) * rng.uniform(LEAST_SHARE, MOST_SHARE)))
        if side > min(height, width):
            break
        y = int(rng.integers(height - side + 1))
        x = int(rng.integers(width - side + 1))
        if taken[y : y + side, x : x + side].any():
            continue
        shape = SHAPE_NAMES[int(rng.integers(len(SHAPE_NAMES)))]
        colour = tuple(SHAPE_COLOURS)[int(rng.integers(len(SHAPE_COLOURS)))]
        inside = _inside(shape, side)
        shown[y : y + side, x : x + side][inside] = SHAPE_COLOURS[colour]
        taken[y : y + side, x : x + side] = True
        boxes.append([y, x, y + side, x + side])
        labels.append(f"{colour} {shape}")
    return Pasted(image=shown, boxes=np.array(boxes, np.float64).reshape(-1, 4), labels=tuple(labels))


def list_record(picture: Picture, rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``detect``: the pasted shapes."""
    pasted = paste_shapes(picture, rng)
    return {"image": pasted.image, "boxes": pasted.boxes, "labels": pasted.labels}


def count_record(picture: Picture, rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``vqa``: how many pasted shapes of a name there are, maybe none."""
    pasted = paste_shapes(picture, rng)
    if pasted.labels and rng.random() < 0.8:
        name = pasted.labels[int(rng.integers(len(pasted.labels)))]
    else:
        colour = tuple(SHAPE_COLOURS)[int(rng.integers(len(SHAPE_COLOURS)))]
        name = f"{colour} {SHAPE_NAMES[int(rng.integers(len(SHAPE_NAMES)))]}"
    plural = f"{name}es" if name.endswith("s") else f"{name}s"
    return {
        "image": pasted.image,
        "question": f"How many {plural} are pasted onto the picture?",
        "answer": str(pasted.labels.count(name)),
        "kind": "count",
    }


def _inside(shape: str, side: int) -> Bool[np.ndarray, "side side"]:
    """The pixels of a shape that fills a square; each touches all four of its edges."""
    at = (np.arange(side) + 0.5) / side * 2 - 1
    y, x = at[:, None], at[None, :]
    if shape == "square":
        return np.ones((side, side), bool)
    if shape == "triangle":
        return np.abs(x) <= (y + 1) / 2 + 1 / side
    if shape == "cross":
        return (np.abs(x) <= 0.35) | (np.abs(y) <= 0.35)
    distance = np.hypot(y, x)
    return distance <= 1 if shape == "disc" else (distance <= 1) & (distance >= 0.6)
