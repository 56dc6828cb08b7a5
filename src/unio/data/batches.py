"""`BatchMaker`: batch number ``step`` as a pure function of (seed, step).

A batch holds a fixed number of examples of each target modality, so that the decoders' rows are full
and all of them share one encoder pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from unio.data.collate import collate
from unio.data.denoise.denoiser import Denoiser
from unio.data.denoise.material import ExampleMaterials
from unio.data.features import TextEncoder
from unio.data.items import (
    BrokenItem,
    DenoisedItems,
    ItemMaker,
    ItemShare,
    MixedItems,
    TaskItems,
    make_item,
)
from unio.data.mixture import Mixture
from unio.data.shaping import NO_SHAPING, Shaping
from unio.data.source import Source
from unio.schema import Batch, Geometry, TargetModality

__all__ = ["BatchMaker", "Denoising", "Group", "MadeBatch"]


@dataclass(frozen=True, kw_only=True)
class Group:
    """``count`` examples of a batch that share a target modality."""

    mixture: Mixture
    count: int


@dataclass(frozen=True, kw_only=True)
class Denoising:
    """Of the examples of each target modality, the share ``share`` is denoised in place of a task.

    ``materials`` are the tasks whose examples are taken apart for a target modality: each holds it.
    """

    share: float
    denoiser: Denoiser
    materials: Mapping[TargetModality, Mixture]

    def items(self, modality: TargetModality, *, source: Source, seed: int) -> DenoisedItems:
        """Examples of ``source``, of each of which ``modality`` is predicted."""
        only = self.denoiser.config.model_copy(update={"targets": {modality: 1.0}})
        return DenoisedItems(
            source=ExampleMaterials(source=source),
            mixture=self.materials[modality],
            denoiser=replace(self.denoiser, config=only),
            seed=seed,
        )


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
    and ``keep`` are those of `collate` and `featurise`; ``shaping`` bends the tasks' examples.
    With ``denoising``, a share of the slots is pre-training data.
    """

    source: Source
    tokenizer: TextEncoder
    geometry: Geometry
    groups: Mapping[TargetModality, Group]
    seed: int
    multiple: int = 1
    keep: float = 1.0
    shaping: Shaping = NO_SHAPING
    denoising: Denoising | None = None

    @property
    def batch_size(self) -> int:
        """Examples in a batch."""
        return sum(group.count for group in self.groups.values())

    def items(self, modality: TargetModality) -> ItemMaker:
        """The examples that fill the slots of a target modality."""
        tasks = TaskItems(
            source=self.source,
            mixture=self.groups[modality].mixture,
            tokenizer=self.tokenizer,
            geometry=self.geometry,
            seed=self.seed,
            keep=self.keep,
            shaping=self.shaping,
        )
        if self.denoising is None:
            return tasks
        denoised = self.denoising.items(modality, source=self.source, seed=self.seed)
        share = self.denoising.share
        return MixedItems(
            shares=[ItemShare(items=tasks, weight=1 - share), ItemShare(items=denoised, weight=share)],
            seed=self.seed,
        )

    def make(self, step: int) -> MadeBatch:
        """Batch number ``step``: the same on every call, in every process.

        Raises ``InputError`` if an item and all its substitutes are broken.
        """
        slots = [items for name, group in self.groups.items() for items in [self.items(name)] * group.count]
        first = step * self.batch_size
        made = [make_item(items, first + place) for place, items in enumerate(slots)]
        batch = collate([one.features for one in made], geometry=self.geometry, multiple=self.multiple)
        return MadeBatch(batch=batch, broken=tuple(item for one in made for item in one.broken))
