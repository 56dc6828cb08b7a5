"""Masks as COCO's run lengths: the other way of `unio.data.sources.coco.masks.decode_mask`."""

from typing import Any

import numpy as np
from jaxtyping import Bool

__all__ = ["run_lengths"]


def run_lengths(mask: Bool[np.ndarray, "height width"]) -> dict[str, Any]:
    """``{"size": [height, width], "counts": [..]}``: runs down the columns, the first of them outside.

    Example::

        [[0, 1],
         [1, 1]]  ->  {"size": [2, 2], "counts": [1, 3]}
    """
    flat = mask.T.reshape(-1)
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    counts = np.diff([0, *edges.tolist(), flat.size]).tolist()
    first = [0] if flat.size and flat[0] else []
    return {"size": list(mask.shape), "counts": [*first, *counts]}
