"""Runs that are killed, and disks that are full: what is on the disk is whole, and going on is exact."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from unio.train.checkpoint import checkpoint_folders, load_checkpoint, load_latest
from unio.train.log_file import read_log

Driver = Callable[..., list[int]]

KILLS = 20
STEPS = 120


def tensors(out: Path) -> dict[str, torch.Tensor]:
    checkpoint = load_latest(out / "checkpoints", report=print)
    assert checkpoint is not None
    assert checkpoint.step == STEPS
    return {f"{part}:{key}": value for part, held in checkpoint.parts.items() for key, value in held.items()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_run_killed_twenty_times_ends_as_one_that_was_not(driver: Driver, tmp_path: Path) -> None:
    assert driver(tmp_path / "whole", steps=STEPS, save_every=STEPS) == [0]
    rng = np.random.default_rng(1)
    killed = 0
    for _ in range(KILLS):
        delay = float(rng.uniform(0, 0.02))
        killed += driver(tmp_path / "pieces", steps=STEPS, save_every=2, kill_after=1, delay=delay) == [-9]
        for folder in checkpoint_folders(tmp_path / "pieces" / "checkpoints"):
            load_checkpoint(folder)  # whole, whatever the moment
    assert killed == KILLS
    assert driver(tmp_path / "pieces", steps=STEPS, save_every=STEPS) == [0], (
        tmp_path / "pieces" / "rank-0.txt"
    ).read_text()
    ours, theirs = tensors(tmp_path / "whole"), tensors(tmp_path / "pieces")
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert torch.equal(value, theirs[name]), name
    lines = [read_log(tmp_path / name / "log.jsonl") for name in ("whole", "pieces")]
    assert [line["losses"] for line in lines[0]] == [line["losses"] for line in lines[1]]


def test_a_full_disk_leaves_the_last_checkpoint(driver: Driver, tmp_path: Path) -> None:
    assert driver(tmp_path, steps=2) == [0]
    before = {
        path.name: path.read_bytes() for path in checkpoint_folders(tmp_path / "checkpoints")[-1].iterdir()
    }
    assert driver(tmp_path, steps=3, limit=4096) == [1]
    told = (tmp_path / "rank-0.txt").read_text()
    assert "cannot write the checkpoint" in told
    assert "fix: free some space and run the same command again" in told
    newest = checkpoint_folders(tmp_path / "checkpoints")[-1]
    assert newest.name == "step-00000002"
    assert contents(newest) == before
    assert not list((tmp_path / "checkpoints").glob("*.partial"))
    assert driver(tmp_path, steps=3) == [0]
