"""Emphasis: codes that follow detail count more in the loss than those amid plain ground (not in the paper).

Most codes of a picture show floor, sky or wall, whose grain nobody can foretell: they drown what is to be
learned of the shapes in front. How much a code counts may hang on anything that is known before it, and the
best prediction stays what it was; it may not hang on the code itself, or details would be drawn more often
than they are. So a code counts by the contrast of its neighbours that come before it, above and to the left.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from unio.schema import Features, Geometry, TargetModality

__all__ = ["detail_before", "emphasise"]


def emphasise(features: Features, *, geometry: Geometry, share: float) -> Features:
    """Weigh a picture's codes, 1 on average, ``share`` of each weight by detail; leave other targets."""
    target = features.target
    if share == 0 or target is None or target.media is None or target.modality is not TargetModality.IMAGE:
        return features
    detail = detail_before(target.media, grid=geometry.image.code_grid).ravel()
    mean = float(detail.mean())
    if mean == 0:
        return features
    weights = ((1 - share) + share * detail / mean).astype(np.float32)
    return replace(features, target=replace(target, weights=weights))


def detail_before(
    picture: Float[np.ndarray, "height width 3"], *, grid: tuple[int, int]
) -> Float[np.ndarray, "rows columns"]:
    """Of each cell, the largest contrast among the four cells around it that come before it, row by row.

    A cell's contrast is the standard deviation of its pixels, of the channel where it is largest::

        . b c d .      cell x has the largest of a, b, c and d
        . a x . .
    """
    rows, columns = grid
    height, width = picture.shape[0] // rows, picture.shape[1] // columns
    cells = picture.reshape(rows, height, columns, width, 3)
    contrast = cells.std(axis=(1, 3)).max(axis=-1)
    above = np.pad(contrast, ((1, 0), (1, 1)))[:-1]
    left = np.pad(contrast, ((0, 0), (1, 0)))[:, :-1]
    return np.maximum.reduce([left, above[:, :-2], above[:, 1:-1], above[:, 2:]])
