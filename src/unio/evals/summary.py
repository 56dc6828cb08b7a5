"""From the scores of examples to one row a family: score, chance, codec ceiling, time."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import Any

from unio.data.tasks.task import Task
from unio.evals.result_log import ExampleResult, ResultLog

__all__ = ["TaskSummary", "summaries_from_json", "summaries_to_json", "summarise"]


@dataclass(frozen=True, kw_only=True)
class TaskSummary:
    """One row of the score table.

    ``score``, ``chance`` and ``ceiling`` are in the unit of ``metric``; ``ceiling`` is None where it was
    not measured. ``scores`` holds every metric of the family, ``seconds`` is the mean time an answer took.
    """

    task: str
    group: str
    title: str
    metric: str
    higher_is_better: bool
    score: float
    chance: float
    ceiling: float | None
    count: int
    seconds: float
    scores: dict[str, float]

    @property
    def share_of_ceiling(self) -> float | None:
        """Score over ceiling; None without a ceiling, or where less is better.

        Example: a score of 0.6 where the codecs allow 0.8 has a share of 0.75.
        """
        return self.score / self.ceiling if self.ceiling and self.higher_is_better else None


def summarise(task: Task, results: ResultLog, ceilings: ResultLog | None = None) -> TaskSummary | None:
    """The row of ``task``, or None if none of its examples has been answered."""
    rows = results.results(task.name)
    if not rows:
        return None
    scores = combine(rows, aggregate=task.aggregate)
    best = combine(ceilings.results(task.name), aggregate=task.aggregate) if ceilings is not None else {}
    return TaskSummary(
        task=task.name,
        group=task.group,
        title=task.title,
        metric=task.metric,
        higher_is_better=task.higher_is_better,
        score=scores[task.metric],
        chance=task.chance,
        ceiling=best.get(task.metric),
        count=len(rows),
        seconds=fmean(row.seconds for row in rows),
        scores=scores,
    )


def combine(rows: Sequence[ExampleResult], *, aggregate: str) -> dict[str, float]:
    """Mean or median of every metric over the examples that have it; NaN marks an example without.

    Example: accuracies 1, 0 and NaN have the mean 0.5.
    """
    middle = median if aggregate == "median" else fmean
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.scores.items():
            column = columns.setdefault(name, [])
            if not math.isnan(value):
                column.append(value)
    return {name: middle(column) if column else math.nan for name, column in columns.items()}


def summaries_to_json(summaries: Sequence[TaskSummary], *, about: dict[str, Any]) -> dict[str, Any]:
    """The whole table as plain values; ``about`` says model, split, count and seed."""
    return {"about": about, "tasks": [asdict(summary) for summary in summaries]}


def summaries_from_json(values: dict[str, Any]) -> list[TaskSummary]:
    """The rows of a table written by `summaries_to_json`."""
    return [TaskSummary(**row) for row in values["tasks"]]
