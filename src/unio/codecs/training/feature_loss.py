"""`FeatureLoss`: pictures compared by what a trained network makes of them (LPIPS, arXiv 1801.03924).

The network is anything that gives feature maps; it is no part of what is trained or saved.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["FeatureLoss", "Features"]

Features = Callable[[Tensor], Sequence[Tensor]]
"""Pictures (batch, channels, height, width) -> feature maps (batch, width, ...), one a layer."""

TINY = 1e-10


class FeatureLoss:
    """Squared distance of features of unit length, summed over the layers' means.

    Of each place, the vector of features is scaled to length 1 in both pictures; the squares of the
    differences are weighed by ``weights`` (one vector a layer; None: each counts 1), summed over the
    features, and averaged over places and pictures. 0 for equal pictures.
    """

    def __init__(
        self, features: Features, *, weights: Sequence[Float[Tensor, " width"]] | None = None
    ) -> None:
        self._features = features
        self._weights = weights

    def __call__(self, reconstruction: Tensor, target: Tensor, /) -> Float[Tensor, ""]:
        """The loss of pictures (batch, channels, height, width); gradients reach ``reconstruction``."""
        ours = self._features(reconstruction)
        with torch.no_grad():
            theirs = self._features(target)
        weights: Sequence[Tensor | None] = self._weights or [None] * len(ours)
        parts = [
            _distance(mine, yours, weight) for mine, yours, weight in zip(ours, theirs, weights, strict=True)
        ]
        return torch.stack(parts).sum()


def _distance(ours: Tensor, theirs: Tensor, weight: Tensor | None) -> Tensor:
    squares = (_unit(ours.float()) - _unit(theirs.float())) ** 2
    if weight is not None:
        squares = squares * weight.view(1, -1, *[1] * (squares.ndim - 2))
    return squares.sum(dim=1).mean()


def _unit(features: Tensor) -> Tensor:
    # The square root of 0 has no slope: a place without any feature keeps a tiny length.
    return features / (features.square().sum(dim=1, keepdim=True) + TINY).sqrt()
