"""Packing compared: padded to the maximum, the reference's pairs, and ours (spec section 12).

    python benchmarks/packing.py --mixture paper
    python benchmarks/packing.py --mixture playroom
    ... --positions 30000        # speeds too

Ways to lay the same stream of examples into rows:

- padded, a slot each: one example a row, every input stream and every target modality in a slot as long as
  it can be, as batches of one fixed shape are without packing;
- padded, slots shared: the same with one decoder slot for whichever target an example has;
- pairs: the reference's; a pool of 10, the oldest with the longest partner that fits, rows of (864, 1280)
  and for the playroom of the same share of its maximum;
- ours: any number of examples, two budgets and one of operations, a pool, rows of a fixed length.

Columns: examples a row; real share of encoder, decoder and both; balance, the mean over the most of the
operations of 8 ranks' batches (counted, `unio.train.flops`), averaged over steps; positions/s, those that
hold something, of forward and backward in bf16: places a second of a model that is ``--layers`` deep (ids in
place of codes) times the real share. Seconds are those of one thread's processor. Padded rows and pairs run
under a dense mask, ours by segments. Pictures and sounds are encoded without padding in every form, and the
output heads skip padding in every form, so padding costs less here than where they do not.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
SAMPLE = 2000
"""Examples whose mean sizes set the budgets; too few, and one of the budgets is never full."""

OURS = "ours"
Row = list[Features]


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mixture", choices=["paper", "playroom"], default="paper")
    parser.add_argument("--steps", type=int, default=20, help="steps of 8 ranks that are counted")
    parser.add_argument("--skip", type=int, default=8, help="steps before them, while the pools settle")
    parser.add_argument("--pool", type=int, default=64)
    parser.add_argument("--layers", type=int, default=3, help="depth of the model that is timed")
    parser.add_argument("--positions", type=int, default=0, help="time this many positions a form; 0: none")
    return parser.parse_args()


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Encoder and decoder places of a row, by form."""

    slots: tuple[int, int]
    shared: tuple[int, int]
    pairs: tuple[int, int]


def make_items(mixture: str) -> tuple[ItemMaker, ModelConfig, Rows]:
    """Examples, model, and rows of the forms that ours is compared with."""
    if mixture == "paper":
        config = preset("large")
        encoder = 512 + 504 + 4 * 32 + 112
        rows = Rows(slots=(encoder, 512 + 1024 + 512), shared=(encoder, 1024), pairs=(864, 1280))
        return PaperItems(config), config, rows
    config = preset("nano")
    packer = make_packer(
        nano_maker(config), PackingConfig(encoder_length=999, decoder_length=999), config, accumulate=1
    )
    return packer.items, config, Rows(slots=(304, 128 + 144 + 128), shared=(304, 144), pairs=(216, 180))


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


def fit_budgets(items: ItemMaker, config: ModelConfig, *, row: int, pool: int) -> PackingConfig:
    """Budgets in the ratio of the examples."""
    work = work_model(config)
    sample = [sizes_of(items.make(index), geometry=config.geometry, work=work) for index in range(SAMPLE)]
    return balanced_budgets(sample, encoder_length=row).model_copy(update={"pool": pool})


def ours(
    items: ItemMaker, config: ModelConfig, packing: PackingConfig, *, batches: int, skip: int
) -> list[Batch[np.ndarray]]:
    """Batches of 8 ranks in turn, each rank a stream of its own, behind the first ``skip``."""
    work = work_model(config)
    packer = PackedBatchMaker(items, config=packing, geometry=config.geometry, streams=RANKS, work=work)
    made = (packer.make(step).batch for step in range(skip + batches))
    return [_counted_as_fixed(batch, packing) for step, batch in enumerate(made) if step >= skip]


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
    batches: Sequence[Batch[np.ndarray]],
    config: ModelConfig,
    *,
    backend: AttentionBackend,
    layers: int,
    positions: int,
) -> float:
    """Places a second of forward and backward, over batches of ``positions`` places together."""
    model = random_model(_shallow(config, layers), seed=0)
    model.attention_backend = backend
    _step(model, batches[0])
    taken = 0
    started = time.process_time()
    for batch in batches[1:]:
        _step(model, batch)
        taken += padded_positions(batch)
        if taken >= positions:
            break
    return taken / (time.process_time() - started)


def _shallow(config: ModelConfig, layers: int) -> ModelConfig:
    """The model with ``layers`` encoder and decoder layers, its ViT and AST cut in the same proportion."""
    trunk = config.trunk.model_copy(update={"encoder_layers": layers, "decoder_layers": layers})
    kept = layers / config.trunk.encoder_layers
    encoders = {
        name: encoder.model_copy(update={"num_layers": max(2, round(kept * encoder.num_layers))})
        for name, encoder in (
            ("image_encoder", config.image_encoder),
            ("audio_encoder", config.audio_encoder),
        )
    }
    return config.model_copy(update={"trunk": trunk, **encoders})


def _step(model: UnifiedIO, batch: Batch[np.ndarray]) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        report = compute_loss(model, with_ids(batch).map(torch.as_tensor), freeze_encoders=True)
    torch.autograd.backward(report.total)
    model.zero_grad(set_to_none=True)


def make_forms(
    arguments: argparse.Namespace, items: ItemMaker, config: ModelConfig, rows: Rows
) -> tuple[PackingConfig, dict[str, list[Batch[np.ndarray]]]]:
    """Our budgets, and the batches of each form."""
    packing = fit_budgets(items, config, row=4 * rows.shared[0], pool=arguments.pool)
    examples = [items.make(index) for index in range(EXAMPLES)]
    single = padded_rows(examples)
    paired = pair_rows(examples, config=config, row=rows.pairs)
    return packing, {
        "padded, a slot each": collated(single, config, rows.slots, each=4),
        "padded, slots shared": collated(single, config, rows.shared, each=4),
        "the reference's pairs": collated(paired, config, rows.pairs, each=4),
        OURS: ours(items, config, packing, batches=RANKS * arguments.steps, skip=RANKS * arguments.skip),
    }


def main() -> None:
    arguments = read_arguments()
    torch.set_num_threads(1)
    items, config, rows = make_items(arguments.mixture)
    packing, forms = make_forms(arguments, items, config, rows)
    print(
        f"{arguments.mixture}: {EXAMPLES} examples padded and paired, "
        f"{sum(batch.size for batch in forms[OURS])} packed; encoder and decoder places of a row: "
        f"slots {rows.slots}, shared {rows.shared}, pairs {rows.pairs}, "
        f"ours {(packing.encoder_length, packing.decoder_length)}, pool {packing.pool}\n\n"
        "| form | examples a row | encoder | decoder | real share | balance | real positions/s |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    for name, batches in forms.items():
        encoder, decoder, both = (100 * share for share in shares(batches))
        count = sum(batch.packing.encoder.rows for batch in batches if batch.packing is not None)
        measured = "not measured"
        if arguments.positions:
            places = speed(
                batches,
                config,
                backend="segments" if name == OURS else "mask",
                layers=arguments.layers,
                positions=arguments.positions,
            )
            measured = f"{both / 100 * places:,.0f}"
        print(
            f"| {name} | {sum(batch.size for batch in batches) / count:.2f} | {encoder:.1f} % | "
            f"{decoder:.1f} % | {both:.1f} % | {100 * balance(batches, config):.1f} % | {measured} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
