import json
from pathlib import Path

import pytest
import torch

from unio.core import CheckpointError
from unio.train.checkpoint import (
    Checkpoint,
    checkpoint_folders,
    load_checkpoint,
    load_latest,
    save_checkpoint,
    unfinished_folders,
)


def checkpoint(step: int) -> Checkpoint:
    tensors = {"a": torch.full((2, 3), float(step)), "b": torch.tensor(step)}
    return Checkpoint(step=step, parts={"model": tensors, "empty": {}}, facts={"minutes": 2.5})


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path, checkpoint(12), keep=2)
    assert path == tmp_path / "step-00000012"
    loaded = load_checkpoint(path)
    assert loaded.step == 12
    assert loaded.facts["minutes"] == 2.5
    assert torch.equal(loaded.parts["model"]["a"], torch.full((2, 3), 12.0))
    assert loaded.parts["model"]["b"].item() == 12
    assert loaded.parts["empty"] == {}


def test_only_safetensors_and_json_are_written(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path, checkpoint(1), keep=1)
    names = {file.name for file in path.iterdir()}
    assert names == {"model.safetensors", "empty.safetensors", "facts.json", "manifest.json"}
    assert set(json.loads((path / "manifest.json").read_text())) == names - {"manifest.json"}


def test_the_last_ones_are_kept(tmp_path: Path) -> None:
    for step in (1, 2, 30):
        save_checkpoint(tmp_path, checkpoint(step), keep=2)
    assert [path.name for path in checkpoint_folders(tmp_path)] == ["step-00000002", "step-00000030"]


def test_those_that_were_passed_over_go_before_the_good_ones(tmp_path: Path) -> None:
    for step in (1, 2, 9):
        save_checkpoint(tmp_path, checkpoint(step), keep=3)
    cut_short(tmp_path / "step-00000009")
    save_checkpoint(tmp_path, checkpoint(3), keep=2)  # the run went on from step 2
    assert [folder.name for folder in checkpoint_folders(tmp_path)] == ["step-00000002", "step-00000003"]
    save_checkpoint(tmp_path, checkpoint(4), keep=1)
    assert [folder.name for folder in checkpoint_folders(tmp_path)] == ["step-00000004"]


def test_a_step_can_be_saved_again(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, checkpoint(1), keep=2)
    save_checkpoint(tmp_path, checkpoint(1), keep=2)
    assert len(checkpoint_folders(tmp_path)) == 1


def test_one_that_is_being_removed_is_no_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process killed while it removes an old one must not leave it half there under its name."""
    save_checkpoint(tmp_path, checkpoint(1), keep=1)
    seen: list[list[str]] = []

    def killed(path: Path, **_: object) -> None:
        seen.append([folder.name for folder in checkpoint_folders(tmp_path)])

    monkeypatch.setattr("unio.train.checkpoint.shutil.rmtree", killed)
    save_checkpoint(tmp_path, checkpoint(2), keep=1)
    assert seen[-1] == ["step-00000002"]
    assert [path.name for path in unfinished_folders(tmp_path)] == ["step-00000001.old.partial"]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert load_latest(tmp_path, report=print) is None


def test_an_unfinished_folder_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "step-00000009.partial").mkdir()
    assert load_latest(tmp_path, report=print) is None
    save_checkpoint(tmp_path, checkpoint(9), keep=1)
    assert len(list(tmp_path.iterdir())) == 1


def cut_short(path: Path) -> None:
    (path / "model.safetensors").write_bytes((path / "model.safetensors").read_bytes()[:-5])


def flip(path: Path) -> None:
    content = bytearray((path / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (path / "model.safetensors").write_bytes(bytes(content))


def lose(path: Path) -> None:
    (path / "facts.json").unlink()


def lose_manifest(path: Path) -> None:
    (path / "manifest.json").unlink()


def garble_manifest(path: Path) -> None:
    (path / "manifest.json").write_text("{")


@pytest.mark.parametrize(
    ("damage", "got"),
    [
        (cut_short, "model.safetensors does not match its hash"),
        (flip, "model.safetensors does not match its hash"),
        (lose, "facts.json is missing"),
        (lose_manifest, "manifest.json is missing"),
        (garble_manifest, "manifest.json is no JSON"),
    ],
)
def test_a_damaged_one_is_told_and_passed_over(tmp_path: Path, damage: object, got: str) -> None:
    save_checkpoint(tmp_path, checkpoint(1), keep=2)
    newest = save_checkpoint(tmp_path, checkpoint(2), keep=2)
    damage(newest)  # type: ignore[operator]
    with pytest.raises(CheckpointError, match=f"step-00000002 is damaged: got {got}"):
        load_checkpoint(newest)
    told: list[str] = []
    loaded = load_latest(tmp_path, report=told.append)
    assert loaded is not None
    assert loaded.step == 1
    assert told[0].endswith("falling back to the one before")


def test_nothing_but_damage_is_no_reason_to_start_over(tmp_path: Path) -> None:
    cut_short(save_checkpoint(tmp_path, checkpoint(1), keep=2))
    with pytest.raises(CheckpointError, match=r"every checkpoint in .* is damaged.*remove the folder"):
        load_latest(tmp_path, report=lambda _message: None)


def test_a_full_disk_leaves_the_older_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_checkpoint(tmp_path, checkpoint(1), keep=1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("unio.train.checkpoint.save_file", full)
    with pytest.raises(CheckpointError, match=r"cannot write .*No space left on device; fix: free"):
        save_checkpoint(tmp_path, checkpoint(2), keep=1)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]
