"""A picture large enough to draw on, and the text drawn on it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from unio.media.drawing.colours import text_colour
from unio.schema import Picture

__all__ = ["Canvas", "Drawing", "draw_lines", "text_size", "wrap_text"]

Drawing = UInt8[np.ndarray, "_ _ 3"]
"""A picture whose size need not be that of the picture drawn on."""

READABLE_SIDE = 320
"""Pictures whose longer side is shorter than this are enlarged by a whole factor before drawing."""


class Canvas:
    """A copy of a picture to draw on, enlarged by a whole ``factor`` if labels would not be readable.

    Coordinates given to ``place`` are (y, x) in pixels of the picture; Pillow's are (x, y).
    """

    def __init__(self, picture: Picture, *, min_side: int = READABLE_SIDE) -> None:
        height, width = picture.shape[:2]
        self.factor = max(1, -(-min_side // max(height, width)))
        self.image = Image.fromarray(picture)
        if self.factor > 1:
            size = (width * self.factor, height * self.factor)
            self.image = self.image.resize(size, Image.Resampling.BICUBIC)
        self.draw = ImageDraw.Draw(self.image)
        self.font_size = max(14, min(32, max(self.image.size) // 22))
        self.line_width = max(3, max(self.image.size) // 160)

    def place(self, y: float, x: float) -> tuple[float, float]:
        """Where a point of the picture is on the canvas, as Pillow's (x, y)."""
        return x * self.factor, y * self.factor

    def label(self, text: str, at: tuple[float, float], *, colour: tuple[int, int, int]) -> None:
        """Write ``text`` on a coloured plate whose lower left corner is ``at``, kept inside the canvas."""
        text_width, text_height = text_size(text, self.font_size)
        plate_width, plate_height = text_width + 8, text_height + 4
        x = min(max(at[0], 0), max(self.image.width - plate_width, 0))
        y = min(max(at[1] - plate_height, 0), max(self.image.height - plate_height, 0))
        self.draw.rectangle((x, y, x + plate_width, y + plate_height), fill=colour)
        self.draw.text((x + 4, y + 1), text, fill=text_colour(colour), font=_font(self.font_size))

    def picture(self) -> Drawing:
        """What has been drawn."""
        return np.array(self.image)


@lru_cache(maxsize=32)
def _font(size: int) -> Any:
    """Pillow's own font, which every installation has."""
    return ImageFont.load_default(size=size)


def text_size(text: str, size: int) -> tuple[int, int]:
    """Width and line height of one line of text, in pixels."""
    font = _font(size)
    ascent, descent = cast(tuple[int, int], font.getmetrics())
    return round(font.getlength(text)), ascent + descent


def wrap_text(text: str, size: int, *, width: int) -> list[str]:
    """Lines of ``text`` no wider than ``width`` pixels, broken between words, a long word within."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            joined = f"{line} {word}" if line else word
            if line and text_size(joined, size)[0] > width:
                lines.append(line)
                joined = word
            while len(joined) > 1 and text_size(joined, size)[0] > width:
                fitting = _fitting(joined, size, width)
                lines.append(joined[:fitting])
                joined = joined[fitting:]
            line = joined
        lines.append(line)
    return lines


def draw_lines(
    draw: ImageDraw.ImageDraw,
    lines: Sequence[str],
    *,
    at: tuple[int, int],
    size: int,
    colour: tuple[int, int, int],
) -> None:
    """Write lines of text below each other, the first with its upper left corner ``at`` (x, y)."""
    line_height = text_size("x", size)[1]
    for index, line in enumerate(lines):
        draw.text((at[0], at[1] + index * line_height), line, fill=colour, font=_font(size))


def _fitting(word: str, size: int, width: int) -> int:
    """How many letters of ``word`` fit, at least one."""
    count = len(word) - 1
    while count > 1 and text_size(word[:count], size)[0] > width:
        count -= 1
    return count
