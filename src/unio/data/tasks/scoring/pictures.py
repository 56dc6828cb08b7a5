"""Pictures: undoing the fit, signal-to-noise, and which of two pictures an answer resembles."""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Shaped

from unio.media import fit_transform
from unio.schema import Picture

__all__ = ["changed_pixels", "follows_change", "signal_to_noise", "unfitted"]


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


def follows_change(answer: Picture, *, before: Picture, after: Picture) -> float:
    """Of the pixels that an edit or a move changes, the share that is nearer to ``after`` than to ``before``.

    0 for a copy of ``before``, 1 for ``after`` itself, 1 if nothing differs. Blur of a codec hardly moves
    it, other than a signal-to-noise ratio.
    """
    changed = changed_pixels(before, after)
    if not changed.any():
        return 1.0
    nearer = _distance(answer, after) < _distance(answer, before)
    return float(nearer[changed].mean())


def _distance(first: Picture, second: Picture) -> Shaped[np.ndarray, "height width"]:
    return np.sqrt(np.sum((first.astype(np.float32) - second.astype(np.float32)) ** 2, axis=2))
