"""Boxes in space, as wires on a picture."""

import numpy as np
from jaxtyping import Float

from unio.media.drawing.canvas import Canvas, Drawing
from unio.media.drawing.colours import palette_colour
from unio.schema import Picture

__all__ = ["draw_cuboids"]

EDGES = tuple((index, index | bit) for bit in (1, 2, 4) for index in range(8) if not index & bit)
"""Corners that an edge joins: their indices differ in one bit."""


def draw_cuboids(picture: Picture, corners: Float[np.ndarray, "count 8 2"]) -> Drawing:
    """Draw the twelve edges of each box, given its corners y x in pixels; each box in a colour of its own.

    Bits 2, 1, 0 of a corner's index are its side along the box's own three axes. What lies outside the
    picture is cut off.
    """
    canvas = Canvas(picture)
    for number, box in enumerate(np.asarray(corners, np.float64)):
        # A corner beside the camera projects to anywhere; far outside is as good.
        places = [canvas.place(y, x) for y, x in np.clip(box, -1e5, 1e5).tolist()]
        for first, second in EDGES:
            ends = (places[first], places[second])
            canvas.draw.line(ends, fill=palette_colour(number), width=canvas.line_width)
    return canvas.picture()
