"""`BatchMaker`: batch number ``step`` as a pure function of (seed, step).

A batch holds a fixed number of examples of each target modality, so that the decoders' rows are full
and all of them share one encoder pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from unio.core import InputError, random_stream
from unio.data.collate import collate
from unio.data.features import TextEncoder, featurise
from unio.data.mixture import Mixture
from unio.data.unconditional import unconditional
from unio.schema import Batch, Example, Features, Geometry, TargetModality

__all__ = ["BatchMaker", "BrokenItem", "Group", "MadeBatch", "Source"]

SUBSTITUTE_STRIDE = 1 << 40
"""Far beyond the index of any run: substitutes of broken items never meet a regular index."""

SUBSTITUTES = 8


class Source(Protocol):
    """Where examples come from: a pure function of its arguments, and picklable."""

    def example(self, task: str, seed: int, index: int) -> Example:
        """Example number ``index`` of ``task``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Group:
    """``count`` examples of a batch that share a target modality."""

    mixture: Mixture
    count: int


@dataclass(frozen=True, kw_only=True)
class BrokenItem:
    """An example that could not be made, and why."""

    task: str
    seed: int
    index: int
    reason: str

    def __str__(self) -> str:
        return f"example {self.index} of task {self.task!r} (seed {self.seed}) is broken: {self.reason}"


@dataclass(frozen=True, kw_only=True, eq=False)
class MadeBatch:
    """A batch and the items that had to be replaced in it.

    ``state`` is what a maker with a memory needs to go on behind this batch; None for one without.
    """

    batch: Batch[np.ndarray]
    broken: tuple[BrokenItem, ...] = ()
    state: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class BatchMaker:
    """Makes any batch of a run from its number. Picklable, so that worker processes can hold one.

    Every slot of every batch has its own index, so no example comes twice in a run. ``multiple``
    and ``keep`` are those of `collate` and `featurise`. Of the tasks in ``guided``, a share of the
    prompts is made unconditional.
    """

    source: Source
    tokenizer: TextEncoder
    geometry: Geometry
    groups: Mapping[TargetModality, Group]
    seed: int
    multiple: int = 1
    keep: float = 1.0
    unconditional_share: float = 0.0
    guided: frozenset[str] = frozenset()

    @property
    def batch_size(self) -> int:
        """Examples in a batch."""
        return sum(group.count for group in self.groups.values())

    def make(self, step: int) -> MadeBatch:
        """Batch number ``step``: the same on every call, in every process.

        Raises ``InputError`` if an item and all its substitutes are broken.
        """
        broken: list[BrokenItem] = []
        index = step * self.batch_size
        features: list[Features] = []
        for group in self.groups.values():
            for _ in range(group.count):
                features.append(self._features(group.mixture, index, broken))
                index += 1
        batch = collate(features, geometry=self.geometry, multiple=self.multiple)
        return MadeBatch(batch=batch, broken=tuple(broken))

    def _features(self, mixture: Mixture, index: int, broken: list[BrokenItem]) -> Features:
        for attempt in range(SUBSTITUTES):
            substitute = index + attempt * SUBSTITUTE_STRIDE
            task = mixture.sample(self.seed, substitute)
            try:
                return self._one(task, substitute)
            except Exception as error:  # reported with its source; the loader stops the run if too many
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                broken.append(BrokenItem(task=task, seed=self.seed, index=substitute, reason=reason))
        raise InputError(
            f"{SUBSTITUTES} examples in a row are broken",
            got=str(broken[-1]),
            fix="repair the source or leave the task out of the mixture",
        )

    def _one(self, task: str, index: int) -> Features:
        example = self.source.example(task, self.seed, index)
        rng = random_stream(self.seed, "features", index)
        if task in self.guided and rng.random() < self.unconditional_share:
            example = unconditional(example)
        return featurise(example, tokenizer=self.tokenizer, geometry=self.geometry, rng=rng, keep=self.keep)
