"""Maps that belong to a picture, from the files data sets keep them in: normals, optical flow, masks.

Depth is read by `unio.data.sources.depth_pairs.read_depth`.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from unio.core import InputError
from unio.media import load_image

__all__ = ["read_flow", "read_mask_file", "read_normals"]

FLOW_MAGIC = np.array(202021.25, "<f4").tobytes()
"""The first four bytes of a ``.flo`` file."""

UNKNOWN_FLOW = 1e9
"""Larger ways stand for pixels whose way is not known."""

MOST_SIDE = 16384


def read_flow(path: Path) -> Float[np.ndarray, "height width 2"]:
    """The ways (down, across) in pixels from a Middlebury ``.flo`` file; 0 where they are not known.

    The file: a magic number, width and height, then (across, down) of each pixel, row by row, all little
    endian. Raises ``InputError`` for anything else.
    """
    raw = _bytes(path)
    if len(raw) < 12 or raw[:4] != FLOW_MAGIC:
        raise InputError(f"{path.name} is no optical flow", got=f"{len(raw)} bytes", expected="a .flo file")
    width, height = (int(side) for side in np.frombuffer(raw[4:12], "<i4"))
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE) or len(raw) != 12 + 8 * width * height:
        raise InputError(
            f"{path.name} does not hold what it says", got=f"{len(raw)} bytes for {height} x {width}"
        )
    flow = np.frombuffer(raw[12:], "<f4").reshape(height, width, 2)[..., ::-1]
    known: Bool[np.ndarray, "height width"] = np.all(np.abs(flow) < UNKNOWN_FLOW, axis=2)  # False for NaN
    return np.where(known[..., None], flow, np.float32(0))


def read_normals(path: Path, *, signs: Sequence[int]) -> Float[np.ndarray, "height width 3"]:
    """Unit vectors (x right, y up, z towards the camera) from a picture of (n + 1) / 2, or a ``.npy``.

    ``signs`` turn the file's axes into these. Pixels without a direction, black or grey, are 0. Raises
    ``InputError`` for a file that is neither.
    """
    if path.suffix == ".npy":
        try:
            values = np.load(io.BytesIO(_bytes(path)), allow_pickle=False).astype(np.float32)
        except (ValueError, EOFError, TypeError) as error:
            raise InputError(f"cannot read {path}", got=str(error)[:100], expected="numbers") from error
    else:
        coded = load_image(path).astype(np.float32)
        values = np.where(coded.any(axis=2, keepdims=True), coded / 127.5 - 1, 0)
    if values.ndim != 3 or values.shape[2] != 3:
        raise InputError(f"{path.name} holds no normals", got=values.shape, expected="(height, width, 3)")
    lengths = np.linalg.norm(values, axis=2, keepdims=True)
    known = np.isfinite(lengths) & (lengths > 0.5)
    turned = np.asarray(signs, np.float32) * values
    return np.where(known, turned / np.where(known, lengths, 1), 0).astype(np.float32)


def read_mask_file(path: Path) -> Bool[np.ndarray, "height width"]:
    """True where a picture is brighter than middle grey."""
    return load_image(path).mean(axis=2) > 127.5


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror, expected="a file of maps") from error
