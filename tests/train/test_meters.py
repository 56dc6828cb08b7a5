import json
from pathlib import Path

import pytest

from unio.train.log_file import read_log
from unio.train.meters import Meters, StepReport


def report(loss: float, *, is_skipped: bool = False) -> StepReport:
    return StepReport(
        losses={"loss": loss}, gradient_norm=2 * loss, is_skipped=is_skipped, tokens=10, examples=4
    )


def test_a_line_has_means_and_rates(tmp_path: Path) -> None:
    meters = Meters(tmp_path)
    meters.add(report(1.0), waited=0.0)
    meters.add(report(3.0), waited=0.0)
    line = meters.flush(step=2, learning_rate=0.5)
    assert line["losses"] == {"loss": 2.0}
    assert line["gradient_norm"] == 4.0
    assert line["learning_rate"] == 0.5
    assert line["tokens_per_second"] / line["examples_per_second"] == pytest.approx(20 / 8, rel=1e-3)
    assert read_log(meters.path) == [line]
    assert meters.losses == {}


def test_skipped_steps_are_counted_and_leave_the_means_alone(tmp_path: Path) -> None:
    meters = Meters(tmp_path, skipped=3)
    meters.add(report(1.0), waited=0.0)
    meters.add(report(float("nan"), is_skipped=True), waited=0.0)
    line = meters.flush(step=2, learning_rate=0.5)
    assert line["losses"] == {"loss": 1.0}
    assert line["skipped"] == 4


def test_a_loss_that_is_not_in_every_step_is_averaged_over_its_own(tmp_path: Path) -> None:
    meters = Meters(tmp_path)
    meters.add(StepReport(losses={"a": 1.0, "b": 5.0}, gradient_norm=0), waited=0.0)
    meters.add(StepReport(losses={"a": 3.0}, gradient_norm=0), waited=0.0)
    assert meters.losses == {"a": 2.0, "b": 5.0}


def test_lines_after_the_checkpoint_are_forgotten_on_resuming(tmp_path: Path) -> None:
    meters = Meters(tmp_path)
    for step in (2, 4, 6):
        meters.flush(step=step, learning_rate=1.0)
    with meters.path.open("a") as file:
        file.write('{"step": 8, "cut sh')
    assert [line["step"] for line in read_log(meters.path)] == [2, 4, 6]
    resumed = Meters(tmp_path, start_step=4, minutes=2.0)
    assert [line["step"] for line in read_log(resumed.path)] == [2, 4]
    assert resumed.minutes >= 2.0


def test_the_log_is_one_json_object_a_line(tmp_path: Path) -> None:
    meters = Meters(tmp_path)
    meters.flush(step=1, learning_rate=1.0)
    meters.flush(step=2, learning_rate=1.0)
    assert [json.loads(line)["step"] for line in meters.path.read_text().splitlines()] == [1, 2]


def test_mfu_is_work_done_over_the_peak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # 3 steps of 2 GFLOP in 4 seconds on a device of 10 GFLOP/s: 6 / (4 x 10)
    clock = iter([100.0, 104.0, 104.0, 104.0])
    monkeypatch.setattr("unio.train.meters.time.monotonic", lambda: next(clock))
    meters = Meters(tmp_path, peak_flops=10e9)
    for _ in range(3):
        meters.add(StepReport(losses={}, gradient_norm=1.0, flops=2e9), waited=0.5)
    line = meters.flush(step=3, learning_rate=0.5)
    assert line["mfu"] == 0.15
    assert line["data_wait"] == 0.375
