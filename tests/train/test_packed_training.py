"""Training on packed batches: killed and resumed, with workers, and on two gloo processes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny
import torch

from unio.train.checkpoint import checkpoint_folders, find_latest, load_checkpoint
from unio.train.log_file import read_log

Driver = Callable[..., list[int]]


def run(driver: Driver, out: Path, **request: Any) -> None:
    statuses = driver(out, **request)
    assert not any(statuses), (out / "rank-0.txt").read_text()[-2000:]


def parts(out: Path) -> dict[str, Any]:
    found = find_latest(out / "checkpoints", report=print)
    assert found is not None
    return dict(load_checkpoint(found).parts)


def pools(out: Path) -> dict[str, Any]:
    """What the packers' streams hold, of all processes."""
    found = find_latest(out / "checkpoints", report=print)
    assert found is not None
    states = [state["packing"] for state in load_checkpoint(found).facts["feed"]]
    return {name: value for state in states for name, value in state.items()}


def assert_same_tensors(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert first.keys() == second.keys()
    for part, tensors in first.items():
        assert tensors.keys() == second[part].keys()
        for name, value in tensors.items():
            assert torch.equal(value, second[part][name]), (part, name)


def forget_last(out: Path, times: int) -> None:
    """Lose the newest checkpoints, as if the run had been killed before they were written."""
    for number, folder in enumerate(checkpoint_folders(out / "checkpoints")[-times:]):
        folder.rename(out / f"lost-{number}")


@pytest.fixture(scope="module", params=["variable", "fixed"])
def form(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def unbroken(driver: Driver, form: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six steps of one process, never stopped."""
    out = tmp_path_factory.mktemp("unbroken")
    run(driver, out, steps=6, save_every=6, packing=form)
    return out


def test_killed_and_resumed_is_the_same_bit_for_bit(
    driver: Driver, unbroken: Path, form: str, tmp_path: Path
) -> None:
    statuses = driver(tmp_path, steps=6, packing=form, kill_after=3, delay=0.0)
    assert statuses in ([-9], [0])
    if statuses == [0]:  # it was faster than the kill
        forget_last(tmp_path, 1)
    run(driver, tmp_path, steps=6, packing=form)
    assert "tiny: going on from step" in (tmp_path / "rank-0.txt").read_text()
    assert_same_tensors(parts(unbroken), parts(tmp_path))
    assert pools(unbroken) == pools(tmp_path)
    assert [line["losses"] for line in read_log(unbroken / "log.jsonl")] == [
        line["losses"] for line in read_log(tmp_path / "log.jsonl")
    ]


def assert_same_curve(first: Path, second: Path) -> None:
    for mine, yours in zip(read_log(first / "log.jsonl"), read_log(second / "log.jsonl"), strict=True):
        for name, value in mine["losses"].items():
            assert value == pytest.approx(yours["losses"][name], rel=1e-5, abs=2e-5), (mine["step"], name)
        assert mine["real_share"] == yours["real_share"]


def test_two_processes_take_the_same_steps(driver: Driver, unbroken: Path, form: str, tmp_path: Path) -> None:
    run(driver, tmp_path, steps=6, save_every=6, size=2, packing=form)
    assert_same_curve(unbroken, tmp_path)
    assert pools(unbroken) == pools(tmp_path)


def test_two_processes_lacking_a_modality_each_do_not_hang(driver: Driver, tmp_path: Path) -> None:
    """Batches so small that often only one of two processes has a sound."""
    run(driver, tmp_path / "both", steps=5, save_every=5, size=2, packing="variable")
    present = [set(line["losses"]) for line in read_log(tmp_path / "both" / "log.jsonl")]
    assert any("audio" in one for one in present)


@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2)])
def test_the_pools_go_over_to_another_number_of_processes(
    driver: Driver, tmp_path: Path, unbroken: Path, form: str, before: int, after: int
) -> None:
    run(driver, tmp_path, steps=6, save_every=3, size=before, packing=form)
    forget_last(tmp_path, 1)
    run(driver, tmp_path, steps=6, save_every=3, size=after, packing=form)
    assert "tiny: going on from step 3" in (tmp_path / "rank-0.txt").read_text()
    assert "made anew" not in (tmp_path / "rank-0.txt").read_text()
    assert_same_curve(unbroken, tmp_path)
    assert pools(unbroken) == pools(tmp_path)


def test_the_log_says_how_much_of_the_rows_is_real(unbroken: Path, form: str) -> None:
    lines = read_log(unbroken / "log.jsonl")
    assert all(line["real_share"] == 1.0 if form == "variable" else line["real_share"] < 1 for line in lines)
    assert {"task/name", "task/paint"} <= {name for line in lines for name in line["losses"]}


def test_workers_change_nothing(tmp_path: Path) -> None:
    for workers in (0, 2):
        learner = tiny.tiny_learner(rate=1e-3)
        packer = tiny.tiny_packer(streams=1)
        trainer = tiny.tiny_trainer(learner, tmp_path / str(workers), maker=packer, workers=workers, steps=3)
        assert trainer.run()
    assert_same_tensors(parts(tmp_path / "0"), parts(tmp_path / "2"))
