"""Packing compared: padded to the maximum, the reference's pairs, and ours (spec section 12).

    python benchmarks/packing.py --mixture paper
    python benchmarks/packing.py --mixture playroom

Three ways to lay the same stream of examples into rows:

- padded: one example a row, rows as long as the longest example there can be;
- pairs: the reference's; a pool of 10, the oldest with the longest partner that fits, rows of (864, 1280)
  and for the playroom of the same share of its maximum;
- ours: any number of examples, two budgets, a pool, rows of a fixed length.

Columns: examples a row; real share of encoder, decoder and both; balance, the mean over the most of the
operations of 8 ranks' batches (counted, `unio.train.flops`), averaged over steps; positions/s, those that
hold something, of forward and backward through the trunk (one encoder and one decoder layer of the model,
ids in place of pictures' codes) measured in seconds of one
thread's processor, with dense rows for padded and pairs, by segments for ours.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import torch
from packing_cpu import nano_maker
from paper_lengths import PaperItems

from unio.data.items import ItemMaker
from unio.data.packing import PackedBatchMaker, PackingConfig, RowLengths, balanced_budgets, collate_packed
from unio.data.packing import measure as sizes_of
from unio.model import ModelConfig, UnifiedIO, compute_loss, preset, random_model
from unio.model.attention_plan import AttentionBackend
from unio.schema import Batch, Features, Target, TargetModality
from unio.train.flops import train_flops
from unio.train.lengths import batch_lengths, padded_positions
from unio.train.packer import make_packer
from unio.train.packing_work import work_model

RANKS = 8
PAIR_POOL = 10
EXAMPLES = 400
SAMPLE = 500
Row = list[Features]


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mixture", choices=["paper", "playroom"], default="paper")
    parser.add_argument("--steps", type=int, default=20, help="steps of 8 ranks that are counted")
    parser.add_argument("--skip", type=int, default=8, help="steps before them, while the pools settle")
    parser.add_argument("--pool", type=int, default=64)
    parser.add_argument("--positions", type=int, default=0, help="time this many positions a form; 0: none")
    return parser.parse_args()


def make_items(mixture: str) -> tuple[ItemMaker, ModelConfig, tuple[int, int], tuple[int, int]]:
    """Examples, model, longest (encoder, decoder) that there can be, and rows of pairs."""
    if mixture == "paper":
        config = preset("large")
        return PaperItems(config), config, (512 + 504 + 4 * 32 + 112, 1024), (864, 1280)
    config = preset("nano")
    packer = make_packer(
        nano_maker(config), PackingConfig(encoder_length=999, decoder_length=999), config, accumulate=1
    )
    return packer.items, config, (304, 144), (216, 180)


def padded_rows(examples: Sequence[Features]) -> list[Row]:
    return [[one] for one in examples]


def pair_rows(examples: Sequence[Features], *, config: ModelConfig, row: tuple[int, int]) -> list[Row]:
    """The oldest of a pool of 10 with the longest partner that fits beside it, if there is one."""
    waiting = list(examples)
    rows: list[Row] = []
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


def with_ids(batch: Batch[np.ndarray]) -> Batch[np.ndarray]:
    """The batch with ids where the codecs would make them."""
    targets: dict[TargetModality, Target[np.ndarray]] = {
        name: target if target.ids is not None else replace(target, ids=target.mask * 5, media=None)
        for name, target in batch.targets.items()
    }
    return batch.with_targets(targets)


def ours(
    items: ItemMaker, config: ModelConfig, *, row: int, pool: int, batches: int
) -> list[Batch[np.ndarray]]:
    """Batches of 8 ranks in turn, each rank a stream of its own."""
    work = work_model(config)
    sample = [sizes_of(items.make(index), geometry=config.geometry, work=work) for index in range(SAMPLE)]
    fitted = balanced_budgets(sample, encoder_length=row)
    packing = fitted.model_copy(update={"pool": pool})
    packer = PackedBatchMaker(items, config=packing, geometry=config.geometry, streams=RANKS, work=work)
    held = [packer.make(step).batch for step in range(batches)]
    return [_counted_as_fixed(batch, packing) for batch in held]


def _counted_as_fixed(batch: Batch[np.ndarray], packing: PackingConfig) -> Batch[np.ndarray]:
    """The row filled up to its budgets: what a fixed row of that length would hold."""
    assert batch.packing is not None, "batches are packed"
    held = batch.packing
    lengths = (packing.rows * packing.encoder_length, packing.rows * packing.decoder_length)
    encoder, decoder = (
        replace(
            side,
            length=length,
            owners=np.pad(side.owners, ((0, 0), (0, length - side.length)), constant_values=-1),
        )
        for side, length in zip((held.encoder, held.decoder), lengths, strict=True)
    )
    return replace(
        batch, packing=replace(held, encoder=encoder, decoder=decoder), encoder_length=encoder.length
    )


def collated(
    rows: Sequence[Row], config: ModelConfig, lengths: tuple[int, int], *, each: int
) -> list[Batch[np.ndarray]]:
    fixed = RowLengths(encoder=lengths[0], decoder=lengths[1])
    return [
        collate_packed(rows[start : start + each], geometry=config.geometry, lengths=fixed)
        for start in range(0, len(rows) - each + 1, each)
    ]


def balance(batches: Sequence[Batch[np.ndarray]], config: ModelConfig) -> float:
    """Mean over most of the ranks' operations, averaged over steps."""
    operations = np.array([train_flops(config, batch_lengths(batch, config)) for batch in batches])
    steps = operations[: len(operations) // RANKS * RANKS].reshape(-1, RANKS)
    return float((steps.mean(axis=1) / steps.max(axis=1)).mean())


def shares(batches: Sequence[Batch[np.ndarray]]) -> tuple[float, float, float]:
    """Real share of encoder, decoder and both."""
    filled = np.zeros(2)
    places = np.zeros(2)
    for batch in batches:
        assert batch.packing is not None, "batches are packed"
        sides = (batch.packing.encoder, batch.packing.decoder)
        filled += [side.filled for side in sides]
        places += [side.places for side in sides]
    encoder, decoder = filled / places
    return float(encoder), float(decoder), float(filled.sum() / places.sum())


def speed(
    batches: Sequence[Batch[np.ndarray]], config: ModelConfig, *, backend: str, positions: int
) -> float:
    """Real positions a second of forward and backward, over batches with ``positions`` places together."""
    trunk = config.trunk.model_copy(update={"encoder_layers": 1, "decoder_layers": 1})
    small = {
        name: getattr(config, name).model_copy(update={"num_layers": 1})
        for name in ("image_encoder", "audio_encoder")
    }
    model = random_model(config.model_copy(update={"trunk": trunk, **small}), seed=0)
    model.attention_backend = cast(AttentionBackend, backend)
    _step(model, batches[0])
    real = taken = 0
    started = time.process_time()
    for batch in batches[1:]:
        _step(model, batch)
        taken += padded_positions(batch)
        real += batch_lengths(batch, config).positions
        if taken >= positions:
            break
    return real / (time.process_time() - started)


def _step(model: UnifiedIO, batch: Batch[np.ndarray]) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        report = compute_loss(model, with_ids(batch).map(torch.as_tensor), freeze_encoders=True)
    torch.autograd.backward(report.total)
    model.zero_grad(set_to_none=True)


def main() -> None:
    arguments = read_arguments()
    torch.set_num_threads(1)
    items, config, longest, pair = make_items(arguments.mixture)
    row = 4 * longest[0]
    packed = ours(
        items, config, row=row, pool=arguments.pool, batches=RANKS * (arguments.skip + arguments.steps)
    )
    packed = packed[RANKS * arguments.skip :]
    examples = [items.make(index) for index in range(EXAMPLES)]
    forms = {
        "padded to the maximum": (collated(padded_rows(examples), config, longest, each=4), "mask"),
        "the reference's pairs": (
            collated(pair_rows(examples, config=config, row=pair), config, pair, each=4),
            "mask",
        ),
        "ours": (packed, "segments"),
    }
    counted = sum(batch.size for batch in packed)
    print(
        f"{arguments.mixture}: {len(examples)} examples padded and paired, {counted} packed into budgets of "
        f"{row} encoder places, pool {arguments.pool}; padded rows {longest}, pairs {pair}\n\n"
        "| form | examples a row | encoder | decoder | real share | balance | real positions/s |\n"
        "|---|---|---|---|---|---|---|"
    )
    for name, (batches, backend) in forms.items():
        encoder, decoder, both = shares(batches)
        rows = sum(batch.packing.encoder.rows for batch in batches if batch.packing is not None)
        measured = (
            f"{speed(batches, config, backend=backend, positions=arguments.positions):,.0f}"
            if arguments.positions
            else "not measured"
        )
        print(
            f"| {name} | {sum(batch.size for batch in batches) / rows:.2f} | {100 * encoder:.1f} % | "
            f"{100 * decoder:.1f} % | {100 * both:.1f} % | {100 * balance(batches, config):.1f} % "
            f"| {measured} |"
        )


if __name__ == "__main__":
    main()
