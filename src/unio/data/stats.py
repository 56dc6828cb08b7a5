"""What a mixture is made of, counted on examples drawn from it: lengths, rates, tokens by modality."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unio.data.batches import BrokenItem
from unio.data.collate import encoder_length
from unio.data.items import TaskItems
from unio.data.packing.sizes import measure
from unio.schema import Features, Geometry, InputModality, TargetModality

__all__ = ["EntryStats", "MixtureStats", "gather_stats", "input_tokens"]


@dataclass(frozen=True, kw_only=True)
class EntryStats:
    """One entry of a mixture: the share asked for, examples drawn, and tokens of the drawn ones.

    ``encoder`` and ``decoder`` are (mean, most) places; both are 0 where none was drawn.
    """

    name: str
    share: float
    drawn: int
    encoder: tuple[float, int]
    decoder: tuple[float, int]


@dataclass(frozen=True, kw_only=True)
class MixtureStats:
    """All entries, the tokens by modality, and what could not be used.

    ``inputs`` and ``targets`` are sums over all examples drawn; ``cut`` counts prompts as long as the
    model's text may be, whose end is missing.
    """

    count: int
    entries: tuple[EntryStats, ...]
    inputs: Mapping[InputModality, int]
    targets: Mapping[TargetModality, int]
    examples: Mapping[TargetModality, int]
    cut: int
    broken: tuple[BrokenItem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "examples": self.count,
            "entries": [
                {
                    "name": one.name,
                    "share": one.share,
                    "drawn": one.drawn,
                    "encoder": {"mean": one.encoder[0], "most": one.encoder[1]},
                    "decoder": {"mean": one.decoder[0], "most": one.decoder[1]},
                }
                for one in self.entries
            ],
            "input_tokens": {modality.value: tokens for modality, tokens in self.inputs.items()},
            "target_tokens": {modality.value: tokens for modality, tokens in self.targets.items()},
            "targets": {modality.value: number for modality, number in self.examples.items()},
            "cut": self.cut,
            "broken": [str(item) for item in self.broken],
        }


def gather_stats(items: TaskItems, *, count: int) -> MixtureStats:
    """The first ``count`` examples of ``items``, counted. Broken ones are listed and left out."""
    lengths: dict[str, list[tuple[int, int]]] = {name: [] for name in items.mixture.shares}
    inputs: Counter[InputModality] = Counter()
    targets: Counter[TargetModality] = Counter()
    examples: Counter[TargetModality] = Counter()
    broken: list[BrokenItem] = []
    cut = 0
    for index in range(count):
        name = items.name(index)
        try:
            features = items.make(index)
        except Exception as error:  # told with its source, as the loader does
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            broken.append(BrokenItem(task=name, seed=items.seed, index=index, reason=reason))
            continue
        sizes = measure(features, geometry=items.geometry)
        lengths[name].append((sizes.encoder, sizes.decoder))
        inputs.update(input_tokens(features, geometry=items.geometry))
        cut += len(features.text) >= items.geometry.text_length
        if features.target is not None:
            targets[features.target.modality] += sizes.decoder
            examples[features.target.modality] += 1
    return MixtureStats(
        count=count,
        entries=tuple(_entry(name, share, lengths[name]) for name, share in items.mixture.shares.items()),
        inputs={modality: inputs[modality] for modality in InputModality if inputs[modality]},
        targets={modality: targets[modality] for modality in TargetModality if targets[modality]},
        examples={modality: examples[modality] for modality in TargetModality if examples[modality]},
        cut=cut,
        broken=tuple(broken),
    )


def input_tokens(features: Features, *, geometry: Geometry) -> Mapping[InputModality, int]:
    """Encoder places by modality; history frames count their latents (spec section 9)."""
    pictures, sounds = geometry.image.history_latents, geometry.audio.history_latents
    counts = {InputModality.TEXT: len(features.text)}
    for modality, stream, latents in (
        (InputModality.IMAGE, features.image, None),
        (InputModality.IMAGE_HISTORY, features.image_history, pictures),
        (InputModality.AUDIO, features.audio, None),
        (InputModality.AUDIO_HISTORY, features.audio_history, sounds),
    ):
        if stream is not None:
            frames = int(stream.mask.any(axis=1).sum())
            counts[modality] = int(stream.mask.sum()) if latents is None else latents * frames
    assert sum(counts.values()) == encoder_length(features, geometry=geometry), "all places are counted"
    return counts


def _entry(name: str, share: float, lengths: Sequence[tuple[int, int]]) -> EntryStats:
    array = np.array(lengths or [(0, 0)])
    encoder, decoder = ((float(array[:, side].mean()), int(array[:, side].max())) for side in (0, 1))
    return EntryStats(name=name, share=share, drawn=len(lengths), encoder=encoder, decoder=decoder)
