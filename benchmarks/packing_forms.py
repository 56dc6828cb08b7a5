"""Forms in which a stream of examples can be laid out, for ``packing.py``, and what a model computes of each.

A form's real share is that of its places that hold something. Its operations are counted with its padding:
places of trunk rows under a dense mask are computed whether anybody is there or not, while
pictures, sounds and output heads of the packed forms skip what is not there. The plain form skips nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from unio.data.collate import code_count, collate
from unio.data.items import ItemMaker
from unio.data.packing import PackedBatchMaker, PackingConfig, RowLengths, balanced_budgets, collate_packed
from unio.data.packing import measure as sizes_of
from unio.model import ModelConfig
from unio.model.attention_plan import AttentionBackend
from unio.schema import Batch, Features, PatchFeatures, Target, TargetFeatures, TargetModality
from unio.train.flops import train_flops
from unio.train.lengths import Lengths, TargetLength, batch_lengths
from unio.train.packing_work import work_model

__all__ = ["RANKS", "Form", "Rows", "fit_budgets", "packed", "paired", "plain", "singles"]

RANKS = 8
PAIR_POOL = 10
SAMPLE = 2000
"""Examples whose mean sizes set the budgets; too few, and one of the budgets is never full."""

Numbers = Batch[np.ndarray]
TEXT, IMAGE, AUDIO = TargetModality.TEXT, TargetModality.IMAGE, TargetModality.AUDIO


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Encoder and decoder places of a row, by form; ``kept``, the share of patches that is seen."""

    plain: tuple[int, int]
    shared: tuple[int, int]
    pairs: tuple[int, int]
    kept: float


@dataclass(frozen=True, kw_only=True)
class Form:
    """Batches laid out in one way.

    - ``filled``: encoder and decoder places of each batch that hold something.
    - ``places``: all of them.
    - ``real``, ``computed``: operations of each batch without its padding and with it.
    """

    name: str
    backend: AttentionBackend
    batches: Sequence[Numbers]
    examples: int
    rows: int
    filled: Sequence[tuple[int, int]]
    places: Sequence[tuple[int, int]]
    real: Sequence[float]
    computed: Sequence[float]

    @property
    def shares(self) -> tuple[float, float, float]:
        """Real share of encoder, decoder and both."""
        filled, places = np.sum(self.filled, axis=0), np.sum(self.places, axis=0)
        encoder, decoder = filled / places
        return float(encoder), float(decoder), float(filled.sum() / places.sum())

    @property
    def balance(self) -> float:
        """Mean over most of 8 ranks' operations, averaged over steps."""
        steps = np.array(self.real)[: len(self.real) // RANKS * RANKS].reshape(-1, RANKS)
        return float((steps.mean(axis=1) / steps.max(axis=1)).mean())

    @property
    def operations(self) -> float:
        """Operations computed for each place that holds something."""
        return float(np.sum(self.computed) / np.sum(self.filled))


def plain(examples: Sequence[Features], config: ModelConfig, rows: Rows, *, each: int) -> Form:
    """Padded to the maximum, nothing skipped: every example brings every stream and every target in full.

    What is not there is computed as zeros, as by code of one shape that knows no better: ViT and AST on
    absent pictures and frames, all of the trunk, all three heads. The three targets are decoded one beside
    the other, which costs less than one row of all.
    """
    full = _full_batch(config, each, kept=rows.kept)
    single = singles(examples, config, rows.shared, name="", each=each)
    count = len(single.batches)
    operations = _operations(config, batch_lengths(full, config))
    return replace(
        single,
        name="padded to the maximum",
        batches=[full] * count,
        places=[(each * rows.plain[0], each * rows.plain[1])] * count,
        computed=[operations] * count,
    )


def singles(
    examples: Sequence[Features], config: ModelConfig, row: tuple[int, int], *, name: str, each: int
) -> Form:
    """One example a row, encoders and heads without padding."""
    return _fixed(name, [[one] for one in examples], config, row, each=each)


def paired(examples: Sequence[Features], config: ModelConfig, row: tuple[int, int], *, each: int) -> Form:
    """The reference's: the oldest of a pool of 10 with the longest partner that fits beside it, if any."""
    return _fixed("the reference's pairs", _pair_rows(examples, config, row), config, row, each=each)


def packed(items: ItemMaker, config: ModelConfig, packing: PackingConfig, *, steps: int, skip: int) -> Form:
    """Ours: batches of 8 ranks in turn, each rank a stream of its own, behind the first ``skip`` steps."""
    packer = PackedBatchMaker(
        items,
        config=packing,
        geometry=config.geometry,
        streams=RANKS,
        work=work_model(config, frozen_encoders=True),
    )
    made = [packer.make(number).batch for number in range(RANKS * (skip + steps))][RANKS * skip :]
    operations = [_operations(config, batch_lengths(batch, config)) for batch in made]
    size = (packing.rows * packing.encoder_length, packing.rows * packing.decoder_length)
    return Form(
        name="ours",
        backend="auto",
        batches=made,
        examples=sum(batch.size for batch in made),
        rows=len(made) * packing.rows,
        filled=[_filled(batch) for batch in made],
        places=[size] * len(made),
        real=operations,
        computed=operations,
    )


def fit_budgets(
    items: ItemMaker, config: ModelConfig, *, row: int, pool: int, is_fixed: bool
) -> PackingConfig:
    """Budgets in the ratio of the examples."""
    work = work_model(config, frozen_encoders=True)
    sample = [sizes_of(items.make(index), geometry=config.geometry, work=work) for index in range(SAMPLE)]
    return balanced_budgets(sample, encoder_length=row).model_copy(
        update={"pool": pool, "form": "fixed" if is_fixed else "variable"}
    )


def _fixed(
    name: str, rows: Sequence[Sequence[Features]], config: ModelConfig, row: tuple[int, int], *, each: int
) -> Form:
    """Rows of one length under a dense mask, ``each`` a batch."""
    lengths = RowLengths(encoder=row[0], decoder=row[1])
    groups = [rows[start : start + each] for start in range(0, len(rows) - each + 1, each)]
    batches = [collate_packed(group, geometry=config.geometry, lengths=lengths) for group in groups]
    found = [batch_lengths(batch, config) for batch in batches]
    return Form(
        name=name,
        backend="mask",
        batches=batches,
        examples=sum(batch.size for batch in batches),
        rows=each * len(batches),
        filled=[_filled(batch) for batch in batches],
        places=[(each * row[0], each * row[1])] * len(batches),
        real=[_operations(config, one) for one in found],
        computed=[_masked_operations(config, one, row, each) for one in found],
    )


def _operations(config: ModelConfig, lengths: Lengths) -> float:
    """Those of a step whose gradients stop at ViT and AST, as in the paper's pre-training."""
    return train_flops(config, lengths, frozen_encoders=True)


def _masked_operations(config: ModelConfig, lengths: Lengths, row: tuple[int, int], rows: int) -> float:
    """Operations of a batch whose trunk computes whole rows; causal pairs counted once, heads as they are."""
    whole = TargetLength(modality=TEXT, tokens=row[1], memory=row[0])
    padded = replace(lengths, encoder=(row[0],) * rows, targets=(whole,) * rows)
    heads = sum(one.tokens * config.vocab_rows(one.modality) for one in lengths.targets)
    skipped = rows * row[1] * config.vocab_rows(TEXT) - heads
    return _operations(config, padded) - 3 * 2.0 * skipped * config.trunk.dim


def _pair_rows(
    examples: Sequence[Features], config: ModelConfig, row: tuple[int, int]
) -> list[list[Features]]:
    waiting = list(examples)
    rows: list[list[Features]] = []
    while len(waiting) >= PAIR_POOL:
        first, *others = waiting[:PAIR_POOL]
        own = sizes_of(first, geometry=config.geometry)
        best, longest = -1, -1
        for place, other in enumerate(others, start=1):
            size = sizes_of(other, geometry=config.geometry)
            fits = own.encoder + size.encoder <= row[0] and own.decoder + size.decoder <= row[1]
            if fits and size.encoder + size.decoder > longest:
                best, longest = place, size.encoder + size.decoder
        rows.append([first] if best < 0 else [first, waiting.pop(best)])
        waiting.pop(0)
    return rows


def _full_batch(config: ModelConfig, size: int, *, kept: float) -> Numbers:
    """Examples that hold everything, each stream and target as long as it can be."""
    image, audio = config.geometry.image, config.geometry.audio
    width, sound_width = 3 * image.patch_size**2, audio.patch_size**2
    example = Features(
        task="full",
        text=np.full(config.geometry.text_length, 5),
        image=_patches(1, image.input_grid, width, kept),
        image_history=_patches(image.history_frames, image.history_grid, width, kept),
        audio=_patches(1, audio.input_grid, sound_width, kept),
        audio_history=_patches(audio.history_segments, audio.input_grid, sound_width, kept),
        target=TargetFeatures(modality=TEXT, ids=np.full(config.geometry.text_length, 7)),
    )
    batch = collate([example] * size, geometry=config.geometry)
    targets = dict(batch.targets)
    for modality in (IMAGE, AUDIO):
        codes = code_count(modality, config.geometry)
        targets[modality] = Target(
            ids=np.full((size, codes), 5), mask=np.ones((size, codes), dtype=bool), rows=np.arange(size)
        )
    return batch.with_targets(targets)


def _patches(count: int, grid: tuple[int, int], width: int, kept: float) -> PatchFeatures:
    length = round(kept * grid[0] * grid[1])
    return PatchFeatures(
        patches=np.zeros((count, length, width), dtype=np.float32),
        mask=np.ones((count, length), dtype=bool),
        positions=np.tile(np.arange(length), (count, 1)),
    )


def _filled(batch: Numbers) -> tuple[int, int]:
    assert batch.packing is not None, "batches are packed"
    return batch.packing.encoder.filled, batch.packing.decoder.filled
