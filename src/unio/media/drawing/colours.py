"""Colours for things side by side, and colour maps for numbers."""

from typing import Literal

import numpy as np
from jaxtyping import Float, UInt8

__all__ = ["PALETTE", "ColourMap", "apply_colour_map", "palette_colour", "text_colour"]

Colour = tuple[int, int, int]

PALETTE: tuple[Colour, ...] = (
    (230, 57, 70),
    (29, 120, 216),
    (46, 160, 67),
    (245, 158, 11),
    (147, 51, 234),
    (14, 165, 165),
    (236, 72, 153),
    (132, 92, 40),
)
"""Colours of neighbouring boxes and points, apart in hue and readable on most pictures."""

ColourMap = Literal["viridis", "magma"]

# A few anchors of each map, evenly spaced; colours between them are interpolated.
ANCHORS: dict[ColourMap, tuple[Colour, ...]] = {
    "viridis": (
        (68, 1, 84),
        (72, 40, 120),
        (62, 74, 137),
        (49, 104, 142),
        (38, 130, 142),
        (31, 158, 137),
        (53, 183, 121),
        (109, 205, 89),
        (180, 222, 44),
        (253, 231, 37),
    ),
    "magma": (
        (0, 0, 4),
        (28, 16, 68),
        (79, 18, 123),
        (129, 37, 129),
        (181, 54, 122),
        (229, 80, 100),
        (251, 135, 97),
        (254, 194, 135),
        (252, 253, 191),
    ),
}


def palette_colour(index: int) -> Colour:
    """The colour of the thing with number ``index``; after the last the first comes again."""
    return PALETTE[index % len(PALETTE)]


def text_colour(background: Colour) -> Colour:
    """Black or white, whichever reads better on ``background``."""
    red, green, blue = background
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    return (0, 0, 0) if brightness > 150 else (255, 255, 255)


def apply_colour_map(
    values: Float[np.ndarray, "height width"], *, name: ColourMap
) -> UInt8[np.ndarray, "height width 3"]:
    """Values in [0, 1] as colours of a map, dark to bright; values beyond are cut."""
    anchors = np.array(ANCHORS[name], np.float64)
    places = np.linspace(0.0, 1.0, len(anchors))
    channels = [np.interp(values, places, anchors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
