"""``unio train`` in two processes, as a user starts it: torchrun, a run file, the playroom."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from unio.infer import load, model_folder
from unio.train import run
from unio.train.checkpoint import checkpoint_folders
from unio.train.log_file import read_log

NANO = model_folder("unio-nano")
RUN_FILE = Path(__file__).parents[2] / "configs" / "nano" / "model.yaml"
TRUNK = "{dim: 16, num_heads: 2, head_dim: 8, mlp_dim: 20, encoder_layers: 1, decoder_layers: 1}"
SETTINGS = [
    "precision=float32",
    "device=cpu",
    f"tokenizer={NANO / 'tokenizer.model'}",
    f"image_codec={NANO}",
    f"audio_codec={NANO}",
    f"model.changes.trunk={TRUNK}",
    "mixture={weights: {vqa: 1, image_edit: 1, audio_from_text: 1}}",
    "batch={text: 1, image: 1, audio: 1, accumulate: 2}",
    "loader.workers=0",
    "evaluation={every_steps: 2, batches: 3, samples: 1}",
    "loop={steps: 2, log_every: 1, save_every_steps: 2}",
]


def torchrun(out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    return subprocess.run(
        [*command, "-m", "unio", "train", str(RUN_FILE), f"out={out}", *SETTINGS, *more],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def test_two_processes_train_what_one_does(tmp_path: Path) -> None:
    done = torchrun(tmp_path / "two")
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr.count("unio-nano 2/2") == 1, "the first process alone tells"
    assert "Warning" not in done.stderr, done.stderr
    run(RUN_FILE, [f"out={tmp_path / 'one'}", *SETTINGS])
    ours, theirs = (read_log(tmp_path / name / "log.jsonl") for name in ("two", "one"))
    assert len(ours) == len(theirs) == 2
    for mine, yours in zip(ours, theirs, strict=True):
        assert mine["losses"] == pytest.approx(yours["losses"], rel=1e-5)
        assert mine["gradient_norm"] == pytest.approx(yours["gradient_norm"], rel=1e-4)
    held_out = [read_log(tmp_path / name / "evaluation.jsonl")[0]["losses"] for name in ("two", "one")]
    assert {"text", "image", "audio"} <= held_out[0].keys()
    assert held_out[0] == pytest.approx(held_out[1], abs=2e-5)
    (saved,) = checkpoint_folders(tmp_path / "two" / "checkpoints")
    assert saved.name == "step-00000002"
    drawn = [sorted(path.name for path in (tmp_path / name).glob("samples/*/*")) for name in ("two", "one")]
    assert (
        drawn[0]
        == drawn[1]
        == [
            f"{task}-0.{kind}" for task in ("audio_from_text", "image_edit", "vqa") for kind in ("png", "txt")
        ]
    )
    picture = np.full((16, 16, 3), 128, dtype=np.uint8)
    assert isinstance(load(tmp_path / "two" / "model").run("caption", image=picture).text, str)


def test_batches_that_cannot_be_shared_out_are_told(tmp_path: Path) -> None:
    done = torchrun(tmp_path, "batch.accumulate=3")
    assert done.returncode != 0
    assert "unio: error: the batches of a step cannot be shared out: got batch.accumulate=3, 2 processes" in (
        done.stderr
    )
    assert "batch.accumulate=2" in done.stderr, "and how to mend it"
    assert not list(tmp_path.rglob("step-*"))
