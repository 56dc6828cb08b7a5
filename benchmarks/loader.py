"""How much faster batches are made than training takes them, each alone on the same cores, in one run.

    python benchmarks/loader.py [--config configs/nano/model.yaml] [--batches 40] [--steps 4] [--compile]

Prints seconds a batch of the loader with one worker process and with two, seconds a training step of the
model (random weights, batches made beforehand), and their ratio. Aim: 3 or more.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import torch

from unio.data import BatchMaker, Loader, LoaderConfig
from unio.data.sources.playroom.texts import playroom_texts
from unio.model import ModelConfig, preset, random_model
from unio.schema import Batch
from unio.train import read_run
from unio.train.choices import make_source
from unio.train.model_config import ModelRun
from unio.train.model_learner import ModelLearner
from unio.train.model_training import make_batch_maker
from unio.train.pace import Pace
from unio.vocab import TextTokenizer, train_tokenizer

WARMUP = 4


def stand_in_tokenizer() -> TextTokenizer:
    """As many pieces as nano's; lengths of texts are much the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.model"
        train_tokenizer(playroom_texts(120), size=1024, path=path)
        return TextTokenizer.from_file(path)


def seconds_a_batch(maker: BatchMaker, *, workers: int, batches: int, first: int) -> float:
    """The loader alone: every batch is taken at once and thrown away."""
    config = LoaderConfig(workers=workers, ahead=2)
    with Loader(maker, config=config, start_step=first) as loader:
        ready = iter(loader)
        for _ in range(WARMUP * workers):  # the workers start, and fill what they may have ready
            next(ready)
        started = time.perf_counter()
        for _ in range(batches):
            next(ready)
        return (time.perf_counter() - started) / batches


def seconds_a_step(
    run: ModelRun, config: ModelConfig, batches: list[Batch], *, steps: int, compiled: bool
) -> float:
    """A training step alone, the median of ``steps``."""
    model = random_model(config, seed=0)
    if compiled:
        model.compile_trunk()
    learner = ModelLearner(
        model,
        config=run.optimiser,
        precision=run.precision,
        z_loss=run.z_loss,
        average_decay=run.average_decay,
    )
    taken: list[float] = []
    for step in range(2 + steps):
        started = time.perf_counter()
        learner.step([batches[step % len(batches)]], pace=Pace(rate_share=1.0, progress=0.0))
        if step >= 2:
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--config", type=Path, default=Path("configs/nano/model.yaml"))
    parser.add_argument("--batches", type=int, default=40)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--compile", action="store_true")
    chosen = parser.parse_args()
    run = read_run(chosen.config)
    if not isinstance(run, ModelRun):
        raise SystemExit(f"{chosen.config} trains no model")
    config = preset(run.model.preset if run.model else "nano")
    maker = make_batch_maker(run, stand_in_tokenizer(), config, source=make_source(run.source))
    made = [maker.make(step).batch for step in range(2)]
    step = seconds_a_step(run, config, made, steps=chosen.steps, compiled=chosen.compile)
    threads, cores = torch.get_num_threads(), os.cpu_count()
    print(
        f"batches of {maker.batch_size} examples, {cores} cores; a step on {threads} threads: {step:.3f} s\n"
    )
    print("| loader | seconds a batch | batches a second | step's time / loader's time |\n|---|---|---|---|")
    for workers in (1, 2):
        batch = seconds_a_batch(maker, workers=workers, batches=chosen.batches, first=1000 * workers)
        plural = "" if workers == 1 else "s"
        print(
            f"| {workers} worker{plural} | {batch:.3f} | {1 / batch:.1f} | {step / batch:.1f} |", flush=True
        )


if __name__ == "__main__":
    main()
