"""Hiding patches of a picture or a sound, and the codes that lie on them (spec section 12)."""

import numpy as np
from jaxtyping import Bool

from unio.schema import PatchFeatures

__all__ = ["hidden_codes", "hide_patches"]


def hide_patches(
    features: PatchFeatures, *, share: float, keep: float, rng: np.random.Generator
) -> tuple[PatchFeatures, Bool[np.ndarray, " patches"]]:
    """One frame with ``share`` of its valid patches taken out, and which of all its patches these are.

    At most ``floor(keep x patches)`` stay, as in every other stream: what that leaves out is hidden too.
    One patch stays at least. Kept patches are valid ones, in row-major order with their true positions.

    Example, share 0.5, keep 1, of six patches of which the last two are padding::

        positions  0 1 2 3 4 5   ->   0 3     hidden  0 1 1 0 0 0
        mask       1 1 1 1 0 0        1 1
    """
    assert len(features.mask) == 1, "the target's own stream is one frame"
    valid = np.flatnonzero(features.mask[0])
    if len(valid) == 0:
        return features, np.zeros_like(features.mask[0])
    most = max(int(keep * features.mask.shape[1]), 1)
    count = min(max(len(valid) - round(share * len(valid)), 1), most)
    kept = np.sort(rng.permutation(valid)[:count])
    hidden = features.mask[0].copy()
    hidden[kept] = False
    left = PatchFeatures(
        patches=features.patches[:, kept], mask=features.mask[:, kept], positions=features.positions[:, kept]
    )
    return left, hidden


def hidden_codes(
    hidden: Bool[np.ndarray, " patches"], *, patch_grid: tuple[int, int], code_grid: tuple[int, int]
) -> Bool[np.ndarray, " codes"]:
    """Which codes, row-major, have their centre on a hidden patch.

    Both grids span the same square. Example, a line of 2 patches, the second hidden, under 3 codes,
    whose centres lie at 1/6, 1/2 and 5/6::

        patches  0 1        codes  0 1 1
    """
    down, across = (
        (2 * np.arange(codes) + 1) * patches // (2 * codes)
        for codes, patches in zip(code_grid, patch_grid, strict=True)
    )
    return hidden.reshape(patch_grid)[np.ix_(down, across)].ravel()
