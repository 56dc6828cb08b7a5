"""Packing compared: padded to the maximum, the reference's pairs, and ours (spec section 12).

    python benchmarks/packing.py --mixture paper                     # counts, the same on every machine
    python benchmarks/packing.py --mixture playroom
    ... --positions 30000                                            # speeds too
    ... --positions 3000000 --device cuda --layers 24                # on a GPU

Ways to lay the same stream of examples into rows:

- padded to the maximum: every example brings every input stream and all three targets, each as long as it
  can be, and everything is computed: ViT and AST on pictures and sounds that are not there, the trunk on
  padding, every head; batches of one fixed shape, as plain code makes them;
- padded, absent media skipped: one example a row, one decoder slot for whichever target it has; pictures,
  sounds and heads are computed only where they are: a padded form at its best;
- pairs: the reference's; a pool of 10, the oldest with the longest partner that fits, rows of (864, 1280)
  and for the playroom of the same share of its maximum; absent media skipped;
- ours: any number of examples, two budgets and one of operations, a pool, rows of a fixed length.

Columns: examples a row; real share of encoder, decoder and both; balance, the mean over the most of the real
operations of 8 ranks' batches (counted, `unio.train.flops`, gradients stopping at ViT and AST), averaged over
steps; operations a real position against ours, padding counted as it is computed; positions/s, those that
hold something, of forward and backward in bf16 by a model that is ``--layers`` deep (ids in place of codes).
Seconds are those of one thread's processor, on a GPU those of the clock. Padded rows and pairs run under a
dense mask, ours by segments in rows as long as their content (on a GPU by FlexAttention in rows of the
budgets' lengths), the first form example by example.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from packing_cpu import nano_maker
from packing_forms import Form, Rows, fit_budgets, packed, paired, plain, singles
from paper_lengths import KEPT, PaperItems

from unio.data.items import ItemMaker
from unio.data.packing import PackingConfig
from unio.model import ModelConfig, UnifiedIO, compute_loss, preset, random_model
from unio.schema import Batch, Target, TargetModality
from unio.train.lengths import padded_positions
from unio.train.packer import make_packer

EXAMPLES = 400


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mixture", choices=["paper", "playroom"], default="paper")
    parser.add_argument("--steps", type=int, default=20, help="steps of 8 ranks that are counted")
    parser.add_argument("--skip", type=int, default=8, help="steps before them, while the pools settle")
    parser.add_argument("--pool", type=int, default=64)
    parser.add_argument("--times", type=float, default=4, help="our row against one of a padded example")
    parser.add_argument("--layers", type=int, default=3, help="depth of the model that is timed")
    parser.add_argument("--positions", type=int, default=0, help="time this many positions a form; 0: none")
    parser.add_argument("--device", default="cpu")
    return parser.parse_args()


def make_items(mixture: str) -> tuple[ItemMaker, ModelConfig, Rows]:
    """Examples, model, and rows of the forms that ours is compared with."""
    if mixture == "paper":
        config = preset("large")
        encoder = 512 + 504 + 4 * 32 + 112
        rows = Rows(
            plain=(encoder + 4 * 16, 512 + 1024 + 512), shared=(encoder, 1024), pairs=(864, 1280), kept=KEPT
        )
        return PaperItems(config), config, rows
    config = preset("nano")
    packer = make_packer(
        nano_maker(config), PackingConfig(encoder_length=999, decoder_length=999), config, accumulate=1
    )
    rows = Rows(plain=_longest(config), shared=(304, 144), pairs=(216, 180), kept=1.0)
    return packer.items, config, rows


def _longest(config: ModelConfig) -> tuple[int, int]:
    """Places of an example that has every stream and every target in full."""
    image, audio, text = config.geometry.image, config.geometry.audio, config.geometry.text_length
    seen = int(np.prod(image.input_grid) + np.prod(audio.input_grid))
    latents = image.history_frames * image.history_latents + audio.history_segments * audio.history_latents
    return text + seen + latents, text + int(np.prod(image.code_grid) + np.prod(audio.code_grid))


def make_forms(
    arguments: argparse.Namespace, items: ItemMaker, config: ModelConfig, rows: Rows
) -> tuple[PackingConfig, list[Form]]:
    """Our budgets, and the forms; ours is the last."""
    row = round(arguments.times * rows.shared[0])
    is_fixed = torch.device(arguments.device).type != "cpu"
    packing = fit_budgets(items, config, row=row, pool=arguments.pool, is_fixed=is_fixed)
    examples = [items.make(index) for index in range(EXAMPLES)]
    return packing, [
        plain(examples, config, rows, each=4),
        singles(examples, config, rows.shared, name="padded, absent media skipped", each=4),
        paired(examples, config, rows.pairs, each=4),
        packed(items, config, packing, steps=arguments.steps, skip=arguments.skip),
    ]


def measure(form: Form, config: ModelConfig, arguments: argparse.Namespace) -> float:
    """Positions that hold something, a second of forward and backward."""
    model = random_model(_shallow(config, arguments.layers), seed=0).to(arguments.device)
    model.attention_backend = form.backend
    clock = _clock(arguments.device)
    # Rows of ours are as long as their content on a CPU, so its share here is not that of its budgets.
    share = float(np.sum(form.filled)) / sum(padded_positions(batch) for batch in form.batches)
    taken = 0
    _step(model, form.batches[0], arguments.device)
    started = clock()
    for batch in form.batches[1:]:
        _step(model, batch, arguments.device)
        taken += padded_positions(batch)
        if taken >= arguments.positions:
            break
    return taken * share / (clock() - started)


def _clock(device: str) -> Callable[[], float]:
    if torch.device(device).type == "cpu":
        return time.process_time

    def after_all() -> float:
        torch.cuda.synchronize()
        return time.monotonic()

    return after_all


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


def _step(model: UnifiedIO, batch: Batch[np.ndarray], device: str) -> None:
    given = _with_ids(batch).map(lambda array: torch.as_tensor(array, device=device))
    with torch.autocast(torch.device(device).type, dtype=torch.bfloat16):
        report = compute_loss(model, given, freeze_encoders=True)
    torch.autograd.backward(report.total)
    model.zero_grad(set_to_none=True)


def _with_ids(batch: Batch[np.ndarray]) -> Batch[np.ndarray]:
    """The batch with ids where the codecs would make them."""
    targets: dict[TargetModality, Target[np.ndarray]] = {
        name: target if target.ids is not None else replace(target, ids=target.mask * 5, media=None)
        for name, target in batch.targets.items()
    }
    return batch.with_targets(targets)


def main() -> None:
    arguments = read_arguments()
    torch.set_num_threads(1)
    items, config, rows = make_items(arguments.mixture)
    packing, forms = make_forms(arguments, items, config, rows)
    print(
        f"{arguments.mixture}: {EXAMPLES} examples padded and paired, {forms[-1].examples} packed; encoder "
        f"and decoder places of a row: maximum {rows.plain}, absent media skipped {rows.shared}, "
        f"pairs {rows.pairs}, ours {(packing.encoder_length, packing.decoder_length)}, pool {packing.pool}\n"
    )
    print("| form | examples a row | encoder | decoder | real share | balance | operations | positions/s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for form in forms:
        encoder, decoder, both = (100 * share for share in form.shares)
        speed = f"{measure(form, config, arguments):,.0f}" if arguments.positions else "not measured"
        print(
            f"| {form.name} | {form.examples / form.rows:.2f} | {encoder:.1f} % | {decoder:.1f} % | "
            f"{both:.1f} % | {100 * form.balance:.1f} % | {form.operations / forms[-1].operations:.2f} x | "
            f"{speed} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
