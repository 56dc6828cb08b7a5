"""Pictures side by side with captions, and text as a picture."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from unio.core import InputError
from unio.media.drawing.canvas import Drawing, draw_lines, text_size, wrap_text

__all__ = ["add_caption", "draw_text", "side_by_side"]

CAPTION_SIZE = 16
MARGIN = 8
WIDEST = 2
INK = (20, 20, 20)
PAPER = (255, 255, 255)


def draw_text(text: str, *, width: int = 384, size: int = CAPTION_SIZE) -> Drawing:
    """Text on white, wrapped to ``width`` pixels."""
    lines = wrap_text(text, size, width=max(width - 2 * MARGIN, size)) or [""]
    height = len(lines) * text_size("x", size)[1] + 2 * MARGIN
    page = Image.new("RGB", (width, height), PAPER)
    draw_lines(ImageDraw.Draw(page), lines, at=(MARGIN, MARGIN), size=size, colour=INK)
    return np.array(page)


def add_caption(picture: Drawing, caption: str, *, min_width: int = 160) -> Drawing:
    """The picture with a caption below it, padded with white to ``min_width`` if it is narrow."""
    height, width = picture.shape[:2]
    whole = max(width, min_width)
    text = draw_text(caption, width=whole)
    sheet = np.full((height + len(text), whole, 3), PAPER, np.uint8)
    left = (whole - width) // 2
    sheet[:height, left : left + width] = picture
    sheet[height:] = text
    return sheet


def side_by_side(pictures: Sequence[Drawing], *, captions: Sequence[str] = (), height: int = 256) -> Drawing:
    """Pictures brought to one height, left to right on white, each with its caption below.

    A very wide one stays lower, so that it takes no more than twice the height across.
    """
    if not pictures:
        raise InputError("no pictures to lay side by side", got="0 pictures", expected="at least 1")
    columns: list[Drawing] = []
    for index, picture in enumerate(pictures):
        scaled = _scaled(picture, height)
        caption = captions[index] if index < len(captions) else ""
        columns.append(add_caption(scaled, caption) if caption else scaled)
    tallest = max(len(column) for column in columns)
    total = sum(column.shape[1] for column in columns) + MARGIN * (len(columns) + 1)
    sheet = np.full((tallest + 2 * MARGIN, total, 3), PAPER, np.uint8)
    left = MARGIN
    for column in columns:
        sheet[MARGIN : MARGIN + len(column), left : left + column.shape[1]] = column
        left += column.shape[1] + MARGIN
    return sheet


def _scaled(picture: Drawing, height: int) -> Drawing:
    """The picture as high as asked for, or as wide as may be."""
    factor = min(height / picture.shape[0], WIDEST * height / picture.shape[1])
    size = (max(round(picture.shape[1] * factor), 1), max(round(picture.shape[0] * factor), 1))
    # A tiny picture keeps its pixels' edges; all others are scaled smoothly.
    method = Image.Resampling.NEAREST if factor >= 4 else Image.Resampling.BICUBIC
    return np.array(Image.fromarray(picture).resize(size, method))
