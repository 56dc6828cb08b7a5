"""PNG files of what a frame holds, written fast: they are read more often for speed than kept for size."""

import io

import numpy as np
from jaxtyping import Shaped
from PIL import Image

from unio.playroom import Frame

__all__ = ["encode_png", "truth_pictures"]

FASTEST = 1
"""zlib's level: three times as fast as the usual one, and a tenth larger."""

ID_OFFSET = 2
"""0 is sky, 1 the floor, 2 the first thing."""


def encode_png(values: Shaped[np.ndarray, "height width *channels"]) -> bytes:
    """A picture (uint8) or a map (uint8, uint16) as a PNG file, without loss."""
    content = io.BytesIO()
    Image.fromarray(values).save(content, format="PNG", compress_level=FASTEST)
    return content.getvalue()


def truth_pictures(frame: Frame) -> dict[str, bytes]:
    """A frame's depth (16 bits, millimetres), normals and ids as PNG files, as `write_scene` writes them."""
    return {
        "depth.png": encode_png(np.clip(np.rint(frame.depth * 1000), 0, 65535).astype(np.uint16)),
        "normals.png": encode_png(((frame.normals + 1) * 127.5 + 0.5).astype(np.uint8)),
        "ids.png": encode_png((frame.ids + ID_OFFSET).astype(np.uint8)),
    }
