from pathlib import Path

import pytest

from unio.core import InputError
from unio.evals.result_log import ExampleResult, ResultLog

IDENTITY = {"model": "tiny", "split": "test", "seed": 3}


def row(index: int, *, task: str = "vqa", accuracy: float = 1.0) -> ExampleResult:
    return ExampleResult(task=task, index=index, scores={"accuracy": accuracy}, seconds=0.5)


def test_without_a_path_results_live_in_memory() -> None:
    log = ResultLog(None, identity=IDENTITY)
    log.append([row(1), row(0), row(0, task="caption")])
    assert [result.index for result in log.results("vqa")] == [0, 1]


def test_a_reopened_log_holds_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "log.jsonl"
    ResultLog(path, identity=IDENTITY).append([row(0), row(2, accuracy=0.25)])
    again = ResultLog(path, identity=IDENTITY)
    assert again.results("vqa") == [row(0), row(2, accuracy=0.25)]
    assert ("vqa", 1) not in again


def test_what_is_there_is_not_written_twice(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = ResultLog(path, identity=IDENTITY)
    log.append([row(0)])
    log.append([row(0, accuracy=0.0), row(1)])
    assert len(path.read_text().splitlines()) == 3
    assert log.results("vqa")[0].scores == {"accuracy": 1.0}


def test_a_line_cut_short_is_dropped_and_the_file_goes_on_cleanly(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    ResultLog(path, identity=IDENTITY).append([row(0), row(1)])
    path.write_bytes(path.read_bytes()[:-9])
    log = ResultLog(path, identity=IDENTITY)
    assert [result.index for result in log.results("vqa")] == [0]
    log.append([row(1)])
    assert [result.index for result in ResultLog(path, identity=IDENTITY).results("vqa")] == [0, 1]


def test_the_log_of_another_evaluation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    ResultLog(path, identity=IDENTITY)
    with pytest.raises(InputError, match=r"holds another evaluation: got .*'seed': 3.*expected .*'seed': 4"):
        ResultLog(path, identity={**IDENTITY, "seed": 4})


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("hello\n")
    with pytest.raises(InputError, match="is no evaluation log"):
        ResultLog(path, identity=IDENTITY)


def test_a_line_that_is_no_object_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("[1, 2]\n")
    with pytest.raises(InputError, match="expected JSON objects"):
        ResultLog(path, identity=IDENTITY)
