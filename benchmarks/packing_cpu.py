"""Which form of packing trains nano fastest here: examples/s of padded batches, and of packed ones.

    python benchmarks/packing_cpu.py --form padded
    python benchmarks/packing_cpu.py --form segments                          # one row as long as its content
    python benchmarks/packing_cpu.py --form mask --rows 16 --encoder 384      # rows of a fixed length
    ... --compile

The examples are those of configs/nano/model.yaml in its proportion, 46 texts to 16 pictures to 2 sounds; a
step is forward, backward and update in bf16. Batches are made beforehand, so that the model alone is timed;
with --compile, warm-up steps run until every batch has been met twice. One thread, in seconds of its
processor, so that other work on the machine changes little.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import cast

import numpy as np
import torch

from unio.data import BatchMaker, Maker
from unio.data.packing import PackingConfig, balanced_budgets, measure
from unio.data.sources.playroom import PlayroomSource
from unio.model import ModelConfig, preset, random_model
from unio.model.attention_plan import AttentionBackend
from unio.schema import Batch
from unio.train import read_run
from unio.train.model_config import ModelRun, batch_groups
from unio.train.model_learner import ModelLearner
from unio.train.optimiser import OptimiserConfig
from unio.train.pace import Pace
from unio.train.packer import make_packer
from unio.vocab import TextTokenizer, train_tokenizer

RECIPE = Path(__file__).parents[1] / "configs" / "nano" / "model.yaml"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--form", choices=["padded", "segments", "mask"], required=True)
    parser.add_argument("--rows", type=int, default=16, help="rows of the form mask")
    parser.add_argument("--encoder", type=int, default=384, help="encoder places of a row")
    parser.add_argument("--batches", type=int, default=4)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--compile", action="store_true")
    return parser.parse_args()


def nano_maker(config: ModelConfig) -> BatchMaker:
    """Padded batches of the recipe, with a small tokenizer of its own."""
    run = read_run(RECIPE)
    assert isinstance(run, ModelRun), "the recipe trains a model"
    source = PlayroomSource(split="train")
    with tempfile.TemporaryDirectory() as folder:
        texts = [source.example(task, 0, n).prompt for task in ("vqa", "detect", "act") for n in range(40)]
        train_tokenizer(texts, size=400, path=Path(folder) / "tokenizer.model")
        tokenizer = TextTokenizer.from_file(Path(folder) / "tokenizer.model")
    return BatchMaker(
        source=source,
        tokenizer=tokenizer,
        geometry=config.geometry,
        groups=batch_groups(run.mixture, run.batch),
        seed=1,
        multiple=run.batch.multiple,
    )


def chosen_maker(arguments: argparse.Namespace, padded: BatchMaker, config: ModelConfig) -> Maker:
    """What makes batches of the form that is asked for, of about as many examples."""
    if arguments.form == "padded":
        return padded
    one_pool = PackingConfig(encoder_length=2048, decoder_length=2048)
    items = make_packer(padded, one_pool, config, accumulate=1).items
    sizes = [measure(items.make(index), geometry=config.geometry) for index in range(100)]
    fitted = balanced_budgets(sizes, encoder_length=arguments.encoder)
    packing = PackingConfig(
        form="fixed" if arguments.form == "mask" else "variable",
        rows=arguments.rows,
        encoder_length=arguments.encoder,
        decoder_length=fitted.decoder_length,
    )
    return make_packer(padded, packing, config, accumulate=1)


def timed(learner: ModelLearner, batch: Batch[np.ndarray]) -> float:
    started = time.process_time()
    learner.step([batch], pace=Pace(rate_share=1.0, progress=0.0))
    return time.process_time() - started


def main() -> None:
    arguments = read_arguments()
    torch.set_num_threads(1)
    config = preset("nano")
    maker = chosen_maker(arguments, nano_maker(config), config)
    batches = [maker.make(step).batch for step in range(arguments.batches)]
    model = random_model(config, seed=0)
    model.attention_backend = cast(AttentionBackend, "mask" if arguments.form == "mask" else "segments")
    if arguments.compile:
        model.compile_trunk()
    learner = ModelLearner(
        model,
        config=OptimiserConfig(kind="adamw", learning_rate=1e-4),
        precision="auto",
        z_loss=1e-4,
        average_decay=0.0,
    )
    warmup = 2 * len(batches) if arguments.compile else arguments.warmup
    first = [timed(learner, batches[step % len(batches)]) for step in range(warmup)]
    seconds: list[float] = []
    examples = real = places = 0
    for step in range(arguments.steps):
        batch = batches[step % len(batches)]
        started = time.process_time()
        report = learner.step([batch], pace=Pace(rate_share=1.0, progress=0.0))
        seconds.append(time.process_time() - started)
        examples, real, places = (
            examples + report.examples,
            real + report.real,
            places + report.positions,
        )
    total = sum(seconds)
    form = "one row" if arguments.form != "mask" else f"{arguments.rows} rows of {arguments.encoder}"
    shown = "64 rows" if arguments.form == "padded" else form
    print(
        f"{arguments.form} ({shown}){' compiled' if arguments.compile else ''}: "
        f"{examples / total:.2f} examples/s, {real / total:,.0f} real positions/s, real share "
        f"{100 * real / places:.1f} %, {examples / len(seconds):.0f} examples and "
        f"{statistics.median(seconds):.2f} s a step; warm-up {sum(first):.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
