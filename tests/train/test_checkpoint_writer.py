from pathlib import Path

import pytest
import torch

from unio.core import CheckpointError
from unio.train.checkpoint import Checkpoint, checkpoint_folders, load_latest
from unio.train.checkpoint_writer import CheckpointWriter


def checkpoint(step: int, value: torch.Tensor) -> Checkpoint:
    return Checkpoint(step=step, parts={"model": {"a": value}})


@pytest.mark.parametrize("is_asynchronous", [True, False])
def test_what_is_saved_is_the_moment_of_saving(tmp_path: Path, is_asynchronous: bool) -> None:
    value = torch.ones(2)
    with CheckpointWriter(tmp_path, keep=2, is_asynchronous=is_asynchronous) as writer:
        for step in (1, 2, 3):
            writer.save(checkpoint(step, value))
            value.add_(1)
    assert [path.name for path in checkpoint_folders(tmp_path)] == ["step-00000002", "step-00000003"]
    loaded = load_latest(tmp_path, report=print)
    assert loaded is not None
    assert loaded.parts["model"]["a"].tolist() == [3.0, 3.0]


def test_what_was_left_half_written_is_removed(tmp_path: Path) -> None:
    (tmp_path / "step-00000007.partial").mkdir()
    with CheckpointWriter(tmp_path, keep=1):
        assert not list(tmp_path.iterdir())


def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("unio.train.checkpoint.save_file", full)


def test_a_failure_is_raised_by_the_next_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(monkeypatch)
    with CheckpointWriter(tmp_path, keep=1) as writer:
        writer.save(checkpoint(1, torch.ones(1)))
        with pytest.raises(CheckpointError, match="No space left on device"):
            writer.save(checkpoint(2, torch.ones(1)))


def test_a_failure_is_raised_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(monkeypatch)
    with pytest.raises(CheckpointError, match="No space left"), CheckpointWriter(tmp_path, keep=1) as writer:
        writer.save(checkpoint(1, torch.ones(1)))


def test_the_error_that_ends_a_run_is_the_one_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(monkeypatch)

    def run() -> None:
        with CheckpointWriter(tmp_path, keep=1) as writer:
            writer.save(checkpoint(1, torch.ones(1)))
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        run()
