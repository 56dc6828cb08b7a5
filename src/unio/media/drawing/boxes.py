"""Boxes with labels on a picture."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from unio.media.drawing.canvas import Canvas, Drawing
from unio.media.drawing.colours import palette_colour
from unio.schema import Picture

__all__ = ["draw_boxes"]


def draw_boxes(
    picture: Picture, boxes: Float[np.ndarray, "count 4"], *, labels: Sequence[str] = ()
) -> Drawing:
    """Outline each box (y1 x1 y2 x2, pixels) in a colour of its own and write its label above it.

    A small picture comes back enlarged by a whole factor, so that labels are readable.
    """
    canvas = Canvas(picture)
    height, width = picture.shape[:2]
    edges = np.clip(np.asarray(boxes, np.float64), 0, (height, width, height, width))
    corners: list[tuple[float, float]] = []
    for index, (y1, x1, y2, x2) in enumerate(edges.tolist()):
        left, top = canvas.place(min(y1, y2), min(x1, x2))
        right, bottom = canvas.place(max(y1, y2), max(x1, x2))
        outline = (left, top, max(right - 1, left), max(bottom - 1, top))
        canvas.draw.rectangle(outline, outline=palette_colour(index), width=canvas.line_width)
        corners.append((left, top))
    # Labels last: no outline runs through one.
    for index, (label, corner) in enumerate(zip(labels, corners, strict=False)):
        if label:
            canvas.label(label, corner, colour=palette_colour(index))
    return canvas.picture()
