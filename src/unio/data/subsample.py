"""Leaving out a random share of the patches in training (spec section 6)."""

import numpy as np

from unio.schema import PatchFeatures

__all__ = ["keep_patches"]


def keep_patches(features: PatchFeatures, *, share: float, rng: np.random.Generator) -> PatchFeatures:
    """``features`` with ``floor(share x patches)`` (at least one) random patches of every frame.

    Valid patches are preferred to padding, and the kept ones stay in row-major order with their
    true positions.

    Example, half of six patches of which the last two are padding::

        positions  0 1 2 3 4 5   ->   0 2 3
        mask       1 1 1 1 0 0        1 1 1
    """
    frames, patches = features.mask.shape
    count = max(1, int(share * patches))
    # Draws lie in [0, 1): adding 1 to the padding's sorts it behind every valid patch.
    draws = rng.random((frames, patches)) + ~features.mask
    chosen = np.sort(np.argsort(draws, axis=1)[:, :count], axis=1)
    return PatchFeatures(
        patches=np.take_along_axis(features.patches, chosen[..., None], axis=1),
        mask=np.take_along_axis(features.mask, chosen, axis=1),
        positions=np.take_along_axis(features.positions, chosen, axis=1),
    )
