"""Where single training examples come from, ready as features: tasks, denoised material, or both mixed.

An *item maker* makes features number ``index`` as a pure function of the index, so that packing and
batching can ask for any of them again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from unio.core import InputError, random_stream
from unio.data.denoise.denoiser import Denoised, Denoiser
from unio.data.denoise.material import MaterialSource
from unio.data.features import TextEncoder, featurise
from unio.data.mixture import Mixture
from unio.data.shaping import NO_SHAPING, Shaping
from unio.data.source import Source
from unio.schema import Features, Geometry

__all__ = [
    "SUBSTITUTE_STRIDE",
    "BrokenItem",
    "DenoisedItems",
    "ItemMaker",
    "ItemShare",
    "MadeItem",
    "MixedItems",
    "TaskItems",
    "make_item",
]


SUBSTITUTE_STRIDE = 1 << 40
"""Far beyond the index of any run: substitutes of broken items never meet a regular index."""

SUBSTITUTES = 8


class ItemMaker(Protocol):
    """Makes features; picklable, so that worker processes can hold one."""

    @property
    def seed(self) -> int:
        """The seed of all its draws."""
        ...

    def name(self, index: int) -> str:
        """What item number ``index`` is, for messages: a task or a material, as its features say it."""
        ...

    def make(self, index: int) -> Features:
        """Item number ``index``: the same on every call, in every process."""
        ...


@dataclass(frozen=True, kw_only=True)
class TaskItems:
    """Prompted tasks of a source, drawn from a mixture.

    ``keep`` is that of `featurise`; ``shaping`` bends examples for training.
    """

    source: Source
    mixture: Mixture
    tokenizer: TextEncoder
    geometry: Geometry
    seed: int
    keep: float = 1.0
    shaping: Shaping = NO_SHAPING

    def name(self, index: int) -> str:
        """The task."""
        return self.mixture.sample(self.seed, index)

    def make(self, index: int) -> Features:
        """Features of example number ``index`` of its task."""
        task = self.name(index)
        rng = random_stream(self.seed, "features", index)
        example = self.shaping.example(
            self.source.example(task, self.seed, index), task=task, seed=self.seed, index=index, rng=rng
        )
        features = featurise(
            example, tokenizer=self.tokenizer, geometry=self.geometry, rng=rng, keep=self.keep
        )
        return self.shaping.features(features, task=task, seed=self.seed, index=index, geometry=self.geometry)


@dataclass(frozen=True, kw_only=True)
class DenoisedItems:
    """Material of a source, drawn from a mixture and denoised: the pre-training data (spec section 12)."""

    source: MaterialSource
    mixture: Mixture
    denoiser: Denoiser
    seed: int

    def name(self, index: int) -> str:
        """The set of material."""
        return self.mixture.sample(self.seed, index)

    def make(self, index: int) -> Features:
        """Features of material number ``index``, denoised."""
        return self.denoise(index).features

    def denoise(self, index: int) -> Denoised:
        """The same with what was done to it, for showing."""
        material = self.source.material(self.name(index), self.seed, index)
        return self.denoiser.denoise(material, rng=random_stream(self.seed, "denoise", index))


@dataclass(frozen=True, kw_only=True)
class ItemShare:
    """An item maker and how often it is drawn, against the others."""

    items: ItemMaker
    weight: float


@dataclass(frozen=True, kw_only=True)
class MixedItems:
    """Several item makers by weight: instruction tuning's 60 % tasks and 30 % pre-training data (spec 12).

    ``stream`` names the random numbers of the draw. A mixture of mixtures needs another name than those in
    it: with the same, what is drawn outside would decide what is drawn within.
    """

    shares: Sequence[ItemShare]
    seed: int
    stream: str = "items"

    def __post_init__(self) -> None:
        weights = [share.weight for share in self.shares]
        if not weights or min(weights) < 0 or sum(weights) <= 0:
            raise InputError(
                "the mixture of items is empty",
                got=f"weights {weights}",
                expected="weights of 0 or more, at least one above 0",
            )

    def name(self, index: int) -> str:
        """What the drawn maker calls it."""
        return self._drawn(index).name(index)

    def make(self, index: int) -> Features:
        """Features by the drawn maker."""
        return self._drawn(index).make(index)

    def _drawn(self, index: int) -> ItemMaker:
        drawn = random_stream(self.seed, self.stream, index).random() * sum(
            share.weight for share in self.shares
        )
        for share, bound in zip(self.shares, accumulate(share.weight for share in self.shares), strict=True):
            if drawn < bound:
                return share.items
        return [share.items for share in self.shares if share.weight > 0][-1]


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
class MadeItem:
    """Features and the items that had to be replaced by them."""

    features: Features
    broken: tuple[BrokenItem, ...] = ()


def make_item(items: ItemMaker, index: int, *, check: Callable[[Features], None] | None = None) -> MadeItem:
    """Item number ``index``, or the first of its substitutes that is not broken.

    ``check`` raises for features that are of no use, which then count as broken.

    Raises ``InputError`` if the item and all its substitutes are broken.
    """
    broken: list[BrokenItem] = []
    for attempt in range(SUBSTITUTES):
        substitute = index + attempt * SUBSTITUTE_STRIDE
        try:
            features = items.make(substitute)
            if check is not None:
                check(features)
            return MadeItem(features=features, broken=tuple(broken))
        except Exception as error:  # reported with its source; the loader stops the run if too many
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            name = items.name(substitute)
            broken.append(BrokenItem(task=name, seed=items.seed, index=substitute, reason=reason))
    raise InputError(
        f"{SUBSTITUTES} examples in a row are broken",
        got=str(broken[-1]),
        fix="repair the source or leave it out of the mixture",
    )
