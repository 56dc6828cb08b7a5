"""Draw unseen examples of each family, have them answered in batches, score the answers.

An example and the seed of its answer are pure functions of (seed, task, index): an evaluation that was
stopped and goes on gives the same scores as one that ran through, whatever the batches.
"""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from pydantic import Field

from unio.core import Config, random_stream
from unio.data.tasks.task import Task
from unio.evals.answerer import Answerer
from unio.evals.result_log import ExampleResult, ResultLog
from unio.schema import DecodingOptions, Example

__all__ = [
    "DecodingOf",
    "EvaluationConfig",
    "ExampleSource",
    "Progress",
    "evaluate",
    "evaluation_options",
    "own_decoding",
]

Progress = Callable[[str, int], None]
"""Called with (task, examples done since the last call); those found in the log come first."""


DecodingOf = Callable[[Task], DecodingOptions]
"""How a task is decoded, but for the seed."""


def own_decoding(task: Task) -> DecodingOptions:
    """As the task itself says."""
    return task.decoding


class ExampleSource(Protocol):
    """Where examples come from: the same (task, seed, index) is the same example."""

    def example(self, task: str, seed: int, index: int) -> Example:
        """Example number ``index`` of ``task``."""
        ...


class EvaluationConfig(Config):
    """How many examples of each family, and how they are drawn."""

    count: int = Field(gt=0, description="Examples of each family.")
    seed: int = Field(default=0, ge=0, description="Seed of the examples and of the sampling.")
    batch_size: int = Field(default=8, gt=0, description="Examples answered together.")


def evaluate(
    tasks: Sequence[Task],
    *,
    source: ExampleSource,
    answerer: Answerer,
    config: EvaluationConfig,
    log: ResultLog,
    report: Progress,
    decoding: DecodingOf = own_decoding,
) -> None:
    """Answer and score ``config.count`` examples of each task into ``log``; what is there is not redone.

    ``decoding`` of a model is that of its generation defaults, as the released ones want their own.
    """
    for task in tasks:
        missing = [index for index in range(config.count) if (task.name, index) not in log]
        report(task.name, config.count - len(missing))
        for start in range(0, len(missing), config.batch_size):
            indices = missing[start : start + config.batch_size]
            log.append(
                score_batch(
                    task, indices, source=source, answerer=answerer, seed=config.seed, decoding=decoding
                )
            )
            report(task.name, len(indices))


def score_batch(
    task: Task,
    indices: Sequence[int],
    *,
    source: ExampleSource,
    answerer: Answerer,
    seed: int,
    decoding: DecodingOf = own_decoding,
) -> list[ExampleResult]:
    """Results of the examples ``indices`` of one task, answered together."""
    examples = [source.example(task.name, seed, index) for index in indices]
    options = [evaluation_options(task, seed=seed, index=index, decoding=decoding) for index in indices]
    begin = time.perf_counter()
    outputs = answerer.answer(examples, options)
    seconds = (time.perf_counter() - begin) / len(examples)
    return [
        ExampleResult(
            task=task.name,
            index=index,
            scores=task.score(task.parse(output, example), example.truth),
            seconds=seconds,
        )
        for index, example, output in zip(indices, examples, outputs, strict=True)
    ]


def evaluation_options(
    task: Task, *, seed: int, index: int, decoding: DecodingOf = own_decoding
) -> DecodingOptions:
    """The task's decoding with a seed for this example alone."""
    draw = int(random_stream(seed, "evaluation", task.name, index).integers(2**31))
    return decoding(task).model_copy(update={"seed": draw})
