"""What is said aloud: short sentences of a closed vocabulary, true to the split's held-out combinations."""

import numpy as np

from unio.playroom.language.drawing_lots import pick
from unio.playroom.scene import Split
from unio.playroom.things import ALL_SHAPES, COLOURS, MATERIALS, SIZES, is_novel

__all__ = ["SPOKEN_SLOTS", "VERBS_SPOKEN", "spoken_sentence"]

VERBS_SPOKEN = ("push", "lift", "drop", "find", "roll", "show")

SPOKEN_SLOTS: tuple[tuple[str, ...], ...] = (
    (*(f"{verb} the" for verb in VERBS_SPOKEN), *SIZES),
    tuple(COLOURS),
    ("", *MATERIALS),
    ALL_SHAPES,
)
"""Every sentence is one choice of each: who begins, a colour, a material or none, a shape."""

_BARE_SHARE = 0.3
"""How often no material is said."""


def spoken_sentence(split: Split, rng: np.random.Generator) -> str:
    """Four or five words such as ``"push the red metal ball"`` or ``"large green glass ring"``.

    Outside ``novel`` no held-out combination of colour, material and shape is said; in it every sentence says
    one.
    """
    while True:
        begin, colour, shape = pick(SPOKEN_SLOTS[0], rng), pick(tuple(COLOURS), rng), pick(ALL_SHAPES, rng)
        material = None if rng.random() < _BARE_SHARE else pick(MATERIALS, rng)
        if material is None and (split == "novel" or begin in SIZES):
            continue
        if material is not None and is_novel(colour, shape, material) != (split == "novel"):
            continue
        return " ".join(word for word in (begin, colour, material, shape) if word is not None)
