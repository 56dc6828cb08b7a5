"""Points and arrows on a picture."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from unio.media.drawing.canvas import Canvas, Drawing
from unio.media.drawing.colours import palette_colour
from unio.schema import Picture

__all__ = ["draw_arrows", "draw_points"]

WHITE = (255, 255, 255)


def draw_points(
    picture: Picture, points: Float[np.ndarray, "count 2"], *, labels: Sequence[str] = ()
) -> Drawing:
    """Mark each point (y x, pixels) with a ringed dot and write its label beside it.

    Points that are not finite are left out. A small picture comes back enlarged.
    """
    canvas = Canvas(picture)
    radius = canvas.line_width * 2.0
    for index, (y, x) in enumerate(np.asarray(points, np.float64).tolist()):
        if not (math.isfinite(y) and math.isfinite(x)):
            continue
        across, down = canvas.place(y, x)
        dot = (across - radius, down - radius, across + radius, down + radius)
        canvas.draw.ellipse(dot, fill=palette_colour(index), outline=WHITE, width=2)
        if index < len(labels) and labels[index]:
            canvas.label(labels[index], (across + radius, down - radius), colour=palette_colour(index))
    return canvas.picture()


def draw_arrows(picture: Picture, arrows: Float[np.ndarray, "count 4"]) -> Drawing:
    """Draw each arrow from (y1, x1) to (y2, x2), in pixels: the way a push takes."""
    canvas = Canvas(picture)
    for index, (y1, x1, y2, x2) in enumerate(np.asarray(arrows, np.float64).tolist()):
        start, end = canvas.place(y1, x1), canvas.place(y2, x2)
        # A white edge under the colour keeps the arrow visible on a thing of its own colour.
        _draw_arrow(canvas, start, end, width=canvas.line_width + 4, colour=WHITE)
        _draw_arrow(canvas, start, end, width=canvas.line_width, colour=palette_colour(index))
    return canvas.picture()


def _draw_arrow(
    canvas: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    width: int,
    colour: tuple[int, int, int],
) -> None:
    """A shaft, a dot at its start and a triangular head at its end."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    radius = width * 1.2
    canvas.draw.ellipse(
        (start[0] - radius, start[1] - radius, start[0] + radius, start[1] + radius), fill=colour
    )
    if length < 1:
        return
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    across = (-along[1], along[0])
    head = min(canvas.line_width * 5.0 + width, length)
    neck = (end[0] - along[0] * head, end[1] - along[1] * head)
    half = head * 0.6
    canvas.draw.line((start, neck), fill=colour, width=width)
    sides = [(neck[0] + across[0] * side, neck[1] + across[1] * side) for side in (half, -half)]
    canvas.draw.polygon([end, *sides], fill=colour)
