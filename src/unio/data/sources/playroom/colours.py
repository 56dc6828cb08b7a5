"""How the playroom's colours look in its pictures, calibrated on rendered scenes.

Hues are the medians over 120 training scenes under all lights and materials; the limits are where true
pictures show every colour they hold and floors and shadows show next to none (checked by this file's test).
"""

from unio.data.tasks.scoring.colours import Palette
from unio.playroom import COLOURS

__all__ = ["LEAST_SHARE", "PALETTE", "label_colour"]

PALETTE = Palette(
    hues={
        "red": 357.0,
        "orange": 28.0,
        "yellow": 52.0,
        "green": 128.0,
        "cyan": 182.0,
        "blue": 229.0,
        "purple": 282.0,
    },
    min_saturation=0.2,
    dark="black",
    max_darkness=0.42,
    max_dark_saturation=0.35,
)
"""Black metal and glass are grey: the darkness is the most that shadows on the floor still allow."""

LEAST_SHARE = 0.0025
"""A colour is there if this share of the picture shows it: about 40 pixels of 128 x 128."""


def label_colour(name: str) -> tuple[int, int, int]:
    """The RGB, 0..255, that stands for a colour in segmentation maps: its complement.

    Were it the colour itself, handing the map back would be an answer.
    """
    by_name: dict[str, tuple[float, float, float]] = {**COLOURS}
    red, green, blue = by_name[name]
    return round(255 * (1 - red)), round(255 * (1 - green)), round(255 * (1 - blue))
