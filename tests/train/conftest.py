"""Fixtures around the tiny model of ``tiny.py``, which is importable here and in child processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import tiny

from unio.data import BatchMaker, Loader, LoaderConfig
from unio.model import ModelConfig
from unio.schema import Batch
from unio.train.feeds import StepFeed
from unio.train.model_learner import ModelLearner
from unio.train.schedule import ScheduleConfig
from unio.train.trainer import LoopConfig, Trainer

Inputs = Sequence[Batch[np.ndarray]]


@pytest.fixture(scope="session")
def tiny_config() -> ModelConfig:
    return tiny.tiny_config()


@pytest.fixture(scope="session")
def maker() -> BatchMaker:
    return tiny.tiny_maker()


@pytest.fixture
def make_learner() -> Callable[..., ModelLearner]:
    return tiny.tiny_learner


@pytest.fixture
def make_trainer(maker: BatchMaker) -> Callable[..., Trainer[Inputs]]:
    """A trainer in ``out`` for ``learner``; ``before_step`` is called with each step's number."""

    def make(
        learner: ModelLearner,
        out: Path,
        *,
        before_step: Callable[[int], None] | None = None,
        evaluation: Any = None,
        **loop: Any,
    ) -> Trainer[Inputs]:
        @contextmanager
        def feed(start: int) -> Generator[Iterator[Inputs]]:
            with Loader(maker, config=LoaderConfig(workers=0), start_step=2 * start) as loader:
                batches = iter(loader)

                def steps() -> Iterator[Inputs]:
                    step = start
                    while True:
                        if before_step is not None:
                            before_step(step)
                        yield tuple(islice(batches, 2))
                        step += 1

                yield steps()

        return Trainer(
            learner,
            StepFeed(feed),
            name="tiny",
            out=out,
            seed=3,
            schedule=ScheduleConfig(kind="cosine", warmup_steps=2),
            loop=LoopConfig(**({"steps": 6, "log_every": 2} | loop)),
            facts={"config": {"a": 1}},
            evaluation=evaluation,
        )

    return make


@pytest.fixture(scope="session")
def driver() -> Generator[Callable[..., list[int]]]:
    """Runs a request of ``driver.py`` and gives the exit statuses of its processes."""
    source = Path(__file__).parent.parent.parent / "src"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{source}:{Path(__file__).parent}"}
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "driver.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    def run(out: Path, **request: Any) -> list[int]:
        process.stdin.write(json.dumps({"out": str(out), **request}) + "\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        return json.loads(process.stdout.readline())  # type: ignore[union-attr]

    yield run
    process.stdin.close()
    process.wait(timeout=60)
