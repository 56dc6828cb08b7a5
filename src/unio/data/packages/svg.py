"""Vector pictures as pixels, by resvg (the extra ``openmoji``)."""

import importlib
import re
from typing import Any

from unio.core import InputError, MissingExtraError

__all__ = ["render_svg"]

ELSEWHERE = re.compile(r"""href\s*=\s*["'](?!#|data:)""")
"""A reference to another file: no drawing of ours has one, and none is followed."""


def render_svg(drawing: bytes, *, width: int, name: str) -> bytes:
    """An SVG file as a PNG file of ``width`` pixels, what is transparent kept so.

    Raises ``MissingExtraError`` without ``resvg-py``, ``InputError`` for a drawing that refers to other files
    or cannot be rendered.
    """
    try:
        resvg: Any = importlib.import_module("resvg_py")
    except ImportError as error:
        raise MissingExtraError("resvg-py", extra="openmoji") from error
    try:
        text = drawing.decode("utf-8")
        if ELSEWHERE.search(text):
            raise ValueError("it refers to another file")
        return bytes(resvg.svg_to_bytes(svg_string=text, width=width, skip_system_fonts=True))
    except ValueError as error:  # UnicodeDecodeError is one
        raise InputError(f"cannot render {name}", got=str(error)[:100], expected="an SVG picture") from error
