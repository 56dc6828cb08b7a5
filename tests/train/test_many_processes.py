"""Two gloo processes, which share no modality in any step, against one that has it all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from unio.model import load_model
from unio.train.checkpoint import checkpoint_folders, find_latest, load_checkpoint
from unio.train.log_file import read_log

Driver = Callable[..., list[int]]


def told(out: Path, rank: int = 0) -> str:
    return (out / f"rank-{rank}.txt").read_text()


def run(driver: Driver, out: Path, **request: Any) -> None:
    statuses = driver(out, **request)
    assert not any(statuses), told(out)[-2000:]


def curve(out: Path) -> list[dict[str, Any]]:
    return read_log(out / "log.jsonl")


def assert_same_curve(first: Path, second: Path) -> None:
    ours, theirs = curve(first), curve(second)
    assert [line["step"] for line in ours] == [line["step"] for line in theirs]
    for mine, yours in zip(ours, theirs, strict=True):
        assert mine["losses"].keys() == yours["losses"].keys()
        for name, value in mine["losses"].items():
            assert value == pytest.approx(yours["losses"][name], rel=1e-5, abs=2e-5), (mine["step"], name)
        assert mine["gradient_norm"] == pytest.approx(yours["gradient_norm"], rel=1e-4)
        assert mine["real_share"] == yours["real_share"]


@pytest.fixture(scope="module")
def alone(driver: Driver, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four steps of one process."""
    out = tmp_path_factory.mktemp("alone")
    run(driver, out, steps=4, save_every=4, export=True)
    return out


@pytest.fixture(scope="module")
def together(driver: Driver, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same four steps of two."""
    out = tmp_path_factory.mktemp("together")
    run(driver, out, steps=4, save_every=4, size=2, export=True, recompute="all")
    return out


def test_the_loss_curve_is_the_same(alone: Path, together: Path) -> None:
    assert_same_curve(alone, together)


def test_the_exported_model_is_whole(alone: Path, together: Path) -> None:
    exported = load_model(together / "model").state_dict()
    held = load_checkpoint(checkpoint_folders(together / "checkpoints")[-1]).parts["model"]
    other = load_model(alone / "model").state_dict()
    assert exported.keys() == held.keys()
    for name, value in exported.items():
        assert torch.equal(value, held[name]), name
        # where a gradient is rounding noise, AdamW still takes steps of the learning rate, 1e-3
        torch.testing.assert_close(value, other[name], rtol=1e-3, atol=4e-3)


def test_each_process_writes_its_own_share(together: Path) -> None:
    (folder,) = checkpoint_folders(together / "checkpoints")
    names = {path.name.split("_")[2] for path in (folder / "shards").glob("*.distcp")}
    assert names == {"0", "1"}


@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2)])
def test_a_run_goes_on_with_another_number_of_processes(
    driver: Driver, alone: Path, tmp_path: Path, before: int, after: int
) -> None:
    # The schedule counts with the steps in all: stop after half of them by losing the second checkpoint.
    run(driver, tmp_path, steps=4, save_every=2, size=before)
    newest = checkpoint_folders(tmp_path / "checkpoints")[-1]
    newest.rename(tmp_path / "lost")
    run(driver, tmp_path, steps=4, save_every=2, size=after)
    assert "tiny: going on from step 2" in told(tmp_path)
    assert f"changed since the checkpoint: processes: {before} -> {after}" in told(tmp_path)
    assert_same_curve(alone, tmp_path)


@pytest.mark.parametrize("settings", [{"kind": "adafactor"}, {"kind": "muon"}, {"replicas": 2}], ids=str)
def test_every_optimiser_and_replicas_resume_across_processes(
    driver: Driver, tmp_path: Path, settings: dict[str, Any]
) -> None:
    kind = {name: value for name, value in settings.items() if name == "kind"}
    run(driver, tmp_path / "alone", steps=2, save_every=2, **kind)
    run(driver, tmp_path / "both", steps=2, save_every=1, size=2, **settings)
    assert_same_curve(tmp_path / "alone", tmp_path / "both")
    found = find_latest(tmp_path / "both" / "checkpoints", report=print)
    assert found is not None
    parts = load_checkpoint(found).parts
    alone = load_checkpoint(checkpoint_folders(tmp_path / "alone" / "checkpoints")[-1]).parts
    assert parts["optimiser"].keys() == alone["optimiser"].keys()
    for name, value in alone["model"].items():
        assert parts["model"][name].shape == value.shape, name


@pytest.mark.parametrize("obstacle", ["disk of process 0", "disk of process 1", "folder"])
def test_what_one_process_cannot_write_ends_all_and_leaves_the_last_checkpoint(
    driver: Driver, tmp_path: Path, obstacle: str
) -> None:
    run(driver, tmp_path, steps=2, save_every=2, size=2)
    checkpoints = tmp_path / "checkpoints"
    limits: dict[str, Any] = {}
    if obstacle == "folder":  # a file where the first process wants to make the next checkpoint's folder
        (checkpoints / "step-00000003.partial").write_text("in the way")
    else:
        limits = {"limit": 20_000, "limited": int(obstacle[-1])}  # its own log is shorter than that
    assert driver(tmp_path, steps=3, save_every=3, size=2, **limits) == [1, 1]
    for rank in (0, 1):
        assert "cannot write the checkpoint" in told(tmp_path, rank)
        assert "fix: free some space and run the same command again" in told(tmp_path, rank)
    assert [folder.name for folder in checkpoint_folders(checkpoints)] == ["step-00000002"]
    (checkpoints / "step-00000003.partial").unlink(missing_ok=True)
    run(driver, tmp_path, steps=3, save_every=3, size=2)
    assert [folder.name for folder in checkpoint_folders(checkpoints)][-1] == "step-00000003"


@pytest.mark.parametrize("gone", ["data", "held-out"])
def test_data_that_fail_in_one_process_end_all_and_cost_no_step(
    driver: Driver, tmp_path: Path, gone: str
) -> None:
    run(driver, tmp_path / "through", steps=3, save_every=3, size=2)
    assert driver(tmp_path / "broken", steps=3, save_every=3, size=2, evaluate=2, gone=gone) == [1, 1]
    for rank in (0, 1):
        assert "JointError: process 1: 8 examples in a row are broken: got no disk" in told(
            tmp_path / "broken", rank
        )
    (saved,) = checkpoint_folders(tmp_path / "broken" / "checkpoints")
    assert saved.name == "step-00000002"
    run(driver, tmp_path / "broken", steps=3, save_every=3, size=2)
    assert_same_state(tmp_path / "through", tmp_path / "broken")


def assert_same_state(first: Path, second: Path) -> None:
    ours, theirs = (load_checkpoint(checkpoint_folders(one / "checkpoints")[-1]) for one in (first, second))
    assert ours.step == theirs.step
    assert ours.parts.keys() == theirs.parts.keys()
    for part, tensors in ours.parts.items():
        assert tensors.keys() == theirs.parts[part].keys()
        for name, value in tensors.items():
            assert torch.equal(value, theirs.parts[part][name]), f"{part}: {name}"


def test_an_evaluation_changes_no_step(driver: Driver, tmp_path: Path) -> None:
    run(driver, tmp_path / "blind", steps=4, save_every=4, size=2)
    run(driver, tmp_path / "seen", steps=4, save_every=4, size=2, evaluate=1)
    assert len(read_log(tmp_path / "seen" / "evaluation.jsonl")) == 4
    assert_same_state(tmp_path / "blind", tmp_path / "seen")


def test_a_stop_in_an_evaluation_saves_all_of_it(driver: Driver, tmp_path: Path) -> None:
    run(driver, tmp_path / "through", steps=3, save_every=3, size=2)
    run(driver, tmp_path / "broken", steps=3, save_every=3, size=2, evaluate=2, interrupt=True)
    (saved,) = checkpoint_folders(tmp_path / "broken" / "checkpoints")
    assert saved.name == "step-00000002"
    run(driver, tmp_path / "broken", steps=3, save_every=3, size=2)
    assert_same_state(tmp_path / "through", tmp_path / "broken")
