"""`Shaping`: how training bends the examples of tasks, beside the paper's own ways."""

from dataclasses import dataclass

import numpy as np

from unio.core import random_stream
from unio.data.emphasis import emphasise
from unio.data.remembered import remembered
from unio.data.unconditional import unconditional
from unio.data.withholding import withhold_codes
from unio.schema import Example, Features, Geometry

__all__ = ["NO_SHAPING", "Shaping"]


@dataclass(frozen=True, kw_only=True)
class Shaping:
    """Shares of the examples that are bent, drawn anew for each; 0 leaves them as the source has them.

    ``unconditional`` of the prompts of the tasks in ``guided`` are made empty (`unio.data.unconditional`).
    ``remembered`` of the pictures asked about are shown as a history's only frame.
    ``withheld`` of the pictures and sounds to be made have codes withheld, but for the tasks in ``told``.
    ``emphasis`` is the part of a picture's loss that goes by detail (`unio.data.emphasis`).
    """

    unconditional: float = 0.0
    guided: frozenset[str] = frozenset()
    remembered: float = 0.0
    withheld: float = 0.0
    told: frozenset[str] = frozenset()
    emphasis: float = 0.0

    def example(
        self, example: Example, *, task: str, seed: int, index: int, rng: np.random.Generator
    ) -> Example:
        """Example number ``index`` of ``task``; ``rng`` is its features' own."""
        if task in self.guided and rng.random() < self.unconditional:
            example = unconditional(example)
        if random_stream(seed, "remembered", index).random() < self.remembered:
            example = remembered(example)
        return example

    def features(
        self, features: Features, *, task: str, seed: int, index: int, geometry: Geometry
    ) -> Features:
        """The same example once it is features."""
        share = 0.0 if task in self.told else self.withheld
        rng = random_stream(seed, "withheld", index)
        features = withhold_codes(features, geometry=geometry, rng=rng, share=share)
        return emphasise(features, geometry=geometry, share=self.emphasis)


NO_SHAPING = Shaping()
