import json
import math
from dataclasses import replace

import pytest

from unio.data.tasks import task
from unio.evals.result_log import ExampleResult, ResultLog
from unio.evals.summary import TaskSummary, combine, summaries_from_json, summaries_to_json, summarise


def rows(*values: float, metric: str = "accuracy") -> list[ExampleResult]:
    return [
        ExampleResult(task="sort", index=index, scores={metric: value}, seconds=0.5 * index)
        for index, value in enumerate(values)
    ]


def log_of(results: list[ExampleResult]) -> ResultLog:
    log = ResultLog(None, identity={})
    log.append(results)
    return log


def test_mean_and_median() -> None:
    assert combine(rows(1, 2, 9), aggregate="mean") == {"accuracy": 4}
    assert combine(rows(1, 2, 9), aggregate="median") == {"accuracy": 2}


def test_an_example_without_a_metric_does_not_count() -> None:
    assert combine(rows(1, math.nan, 0), aggregate="mean") == {"accuracy": 0.5}
    assert math.isnan(combine(rows(math.nan), aggregate="mean")["accuracy"])


def test_a_row_of_the_table() -> None:
    family = task("sort")
    summary = summarise(family, log_of(rows(1, 0, 1, 1)), log_of(rows(1, 1)))
    assert summary is not None
    assert (summary.score, summary.ceiling, summary.count, summary.seconds) == (0.75, 1.0, 4, 0.75)
    assert (summary.chance, summary.metric, summary.title) == (family.chance, "accuracy", family.title)


def test_the_share_of_the_ceiling() -> None:
    summary = summarise(task("sort"), log_of(rows(1, 0, 1, 0)), log_of(rows(1, 1, 1, 0)))
    assert summary is not None
    assert summary.share_of_ceiling == pytest.approx(2 / 3)
    assert replace(summary, higher_is_better=False).share_of_ceiling is None
    assert replace(summary, ceiling=None).share_of_ceiling is None


def test_without_a_ceiling_its_cell_is_empty() -> None:
    summary = summarise(task("sort"), log_of(rows(1)))
    assert summary is not None
    assert summary.ceiling is None


def test_a_family_without_results_has_no_row() -> None:
    assert summarise(task("vqa"), log_of(rows(1))) is None


def test_the_table_survives_json(accuracy: TaskSummary, degrees: TaskSummary) -> None:
    values = json.loads(json.dumps(summaries_to_json([accuracy, degrees], about={"seed": 1})))
    assert summaries_from_json(values) == [accuracy, degrees]
    assert values["about"] == {"seed": 1}


def test_normals_are_summed_up_by_their_median() -> None:
    family = task("normals")
    results = [
        ExampleResult(task="normals", index=index, scores={family.metric: value}, seconds=0.0)
        for index, value in enumerate((5.0, 80.0, 6.0))
    ]
    summary = summarise(family, log_of(results))
    assert summary is not None
    assert summary.score == pytest.approx(6.0 if family.aggregate == "median" else 91 / 3)
