"""Black bars of a video, found over all its frames and cut off (spec section 5, "Video")."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from unio.schema import Picture

__all__ = ["without_bars"]

DARKEST = 24
"""Brightest value of a bar's pixels: video black is not always 0, and coding adds noise."""

LEAST = 0.25
"""Share of each side that must stay; a night scene is not a bar."""


def without_bars(frames: Sequence[Picture]) -> tuple[Picture, ...]:
    """The frames without the rows and columns at the edges that are black in every one of them.

    All frames are cut alike. Nothing is cut where less than a quarter of a side would stay.
    """
    bright = np.max([frame.max(axis=2) for frame in frames], axis=0) > DARKEST
    rows, columns = _extent(bright.any(axis=1)), _extent(bright.any(axis=0))
    height, width = bright.shape
    if rows.stop - rows.start < height * LEAST or columns.stop - columns.start < width * LEAST:
        return tuple(frames)
    return tuple(np.ascontiguousarray(frame[rows, columns]) for frame in frames)


def _extent(lit: Bool[np.ndarray, " places"]) -> slice:
    """From the first to the last True; empty where there is none."""
    places = np.flatnonzero(lit)
    return slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(0, 0)
