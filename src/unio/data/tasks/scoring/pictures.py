"""Pictures: undoing the fit, signal-to-noise, and which of two pictures an answer resembles."""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Shaped

from unio.media import fit_transform
from unio.media.resize import resize
from unio.schema import Picture

__all__ = [
    "change_agreement",
    "changed_pixels",
    "coarse_change",
    "edge_agreement",
    "signal_to_noise",
    "unfitted",
]

_Pixels = Shaped[np.ndarray, "height width 3"]

_CELLS = 16
_CELL_CHANGES = 30.0
"""RGB distance (0..441) from which a cell is part of an edit: lower than that of a pixel, as it is a mean."""
_CELL_SPOILT = 40.0


def unfitted(
    square: Shaped[np.ndarray, "size size *channels"],
    like: Picture,
    *,
    method: Literal["bilinear", "nearest"] = "bilinear",
) -> Shaped[np.ndarray, "height width *channels"]:
    """A square answer to the picture ``like``, cut and scaled to that picture's height and width."""
    transform = fit_transform(like.shape[0], like.shape[1], size=square.shape[0])
    return transform.picture_to_original(square, method=method)


def signal_to_noise(first: Picture, second: Picture) -> float:
    """Peak signal-to-noise ratio in dB, at most 60 (equal pictures)."""
    error = float(np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2))
    return 60.0 if error <= 255**2 * 1e-6 else float(10 * np.log10(255**2 / error))


def changed_pixels(
    before: Picture, after: Picture, *, threshold: float = 40.0
) -> Bool[np.ndarray, "height width"]:
    """Where two pictures differ by more than ``threshold`` in RGB (Euclidean, 0..441)."""
    return _distance(before, after) > threshold


def coarse_change(answer: Picture, *, before: Picture, after: Picture) -> tuple[float, float]:
    """How much of an edit an answer makes, and how much else it changes, as parts of the edit's own area.

    Looked at in 16 x 16 cells, so that neither grain nor the edges that a codec moves count. Made is a cell
    that truly changes and comes to ``after`` nearer than half the way from ``before``: another new colour is
    no edit. Spoilt is any other cell that is far from what it should be. (0, 0) for a copy of ``before``,
    (1, 0) for ``after``; where no cell changes all is made, and the area counts as one cell.
    """
    changed, made, spoilt = _changes(answer, before=before, after=after)
    area = int(changed.sum())
    return float(made.sum() / area) if area else 1.0, float(spoilt.sum() / max(area, 1))


def change_agreement(answer: Picture, *, before: Picture, after: Picture) -> float:
    """Intersection over union of the change that an answer makes and the true one.

    Counted in the cells of `coarse_change`. Together: cells that are made. Either: cells that truly change,
    and those spoilt besides. 0 for a copy of ``before``, 1 for ``after``, near 0 for a picture of something
    else; 1 if no cell differs in truth or answer.
    """
    changed, made, spoilt = _changes(answer, before=before, after=after)
    either = int((changed | spoilt).sum())
    return float(made.sum() / either) if either else 1.0


def edge_agreement(first: Picture, second: Picture) -> float:
    """Correlation of the strengths of two pictures' edges, 0 to 1; two pictures without edges agree."""
    strengths = [_edge_strength(picture) for picture in (first, second)]
    centred = [strength - strength.mean() for strength in strengths]
    scale = float(np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    if scale == 0:
        return float(not strengths[0].any() and not strengths[1].any())
    return max(float((centred[0] * centred[1]).sum()) / scale, 0.0)


def _edge_strength(picture: Picture) -> Shaped[np.ndarray, "height width"]:
    """Length of the brightness gradient, smoothed over 3 x 3 pixels so that a shift by one costs little."""
    down, across = np.gradient(picture.mean(axis=2, dtype=np.float64))
    strength = np.pad(np.hypot(down, across), 1, mode="edge")
    height, width = picture.shape[:2]
    near = [strength[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return np.mean(near, axis=0)


def _changes(
    answer: Picture, *, before: Picture, after: Picture
) -> tuple[Bool[np.ndarray, "cells cells"], Bool[np.ndarray, "cells cells"], Bool[np.ndarray, "cells cells"]]:
    """Cells that truly change, those of them that an answer makes, and others that it spoils."""
    first, second, given = (_cells(picture) for picture in (before, after, answer))
    whole, left = _distance(first, second), _distance(given, second)
    changed = whole > _CELL_CHANGES
    return changed, changed & (left < whole / 2), ~changed & (left > _CELL_SPOILT)


def _cells(picture: Picture) -> Float[np.ndarray, "cells cells 3"]:
    return resize(picture.astype(np.float32), height=_CELLS, width=_CELLS)


def _distance(first: _Pixels, second: _Pixels) -> Shaped[np.ndarray, "height width"]:
    return np.sqrt(np.sum((first.astype(np.float32) - second.astype(np.float32)) ** 2, axis=2))
