"""Withholding codes: the decoder predicts them but is not told them afterwards (not in the paper).

Neighbouring codes of a picture tell so much of one another that a decoder which is fed the true ones hardly
needs its inputs: the colour of a floor is asked of the inputs once and copied ever after. Where codes are
withheld, every one of them has to come from the inputs (word dropout, Bowman et al., arXiv 1511.06349).
"""

from dataclasses import replace

import numpy as np

from unio.data.collate import code_count
from unio.schema import Features, Geometry, TargetModality

__all__ = ["withhold_codes"]


def withhold_codes(
    features: Features, *, geometry: Geometry, rng: np.random.Generator, share: float
) -> Features:
    """With probability ``share``, mark a random part of the target's codes as withheld.

    How large a part is drawn evenly from nothing to everything::

        codes     7 8 9 5      withheld  - x x -      the decoder reads  0 7 1 1
    """
    target = features.target
    if target is None or target.modality is TargetModality.TEXT or rng.random() >= share:
        return features
    rate = rng.random()
    withheld = rng.random(code_count(target.modality, geometry)) < rate
    return replace(features, target=replace(target, withheld=withheld))
