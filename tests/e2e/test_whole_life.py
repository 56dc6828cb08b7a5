"""The whole life of a model, through the command line alone: train its parts, train it, use it, measure."""

import json
from pathlib import Path

import pytest

from unio.cli.main import run_command_line

TRUNK = "{dim: 32, num_heads: 2, head_dim: 16, mlp_dim: 48, encoder_layers: 1, decoder_layers: 1}"
STACK = "{dim: 16, num_layers: 1, num_heads: 2, head_dim: 8, mlp_dim: 16}"
ENCODER = "{dim: 16, num_layers: 2, num_heads: 2, head_dim: 8, mlp_dim: 16}"
RESAMPLER = "{dim: 16, num_layers: 1, num_heads: 2, head_dim: 8, mlp_dim: 16}"
IMAGE_CODEC = "{channels: 8, channel_multipliers: [1, 1, 1, 1], num_groups: 4, num_codes: 32}"
SMALL = [
    f"model.changes.trunk={TRUNK}",
    f"model.changes.image_encoder={ENCODER}",
    f"model.changes.audio_encoder={ENCODER}",
    f"model.changes.image_resampler={RESAMPLER}",
    f"model.changes.audio_resampler={RESAMPLER}",
    f"model.changes.image_codec={IMAGE_CODEC}",
    f"model.changes.audio_codec={{encoder: {STACK}, decoder: {STACK}, num_codes: 32}}",
]
"""Nano's geometry with hardly any weights."""


def unio(*arguments: str | Path) -> None:
    assert run_command_line([str(argument) for argument in arguments]) == 0


def train(root: Path, runs: Path, part: str, *overrides: str) -> Path:
    unio("train", root / "configs" / "nano" / f"{part}.yaml", f"out={runs / part}", *overrides)
    return runs / part


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    root, runs = pytestconfig.rootpath, tmp_path_factory.mktemp("runs")
    brief = ["loop.steps=2", "precision=float32", "device=cpu"]
    tokenizer = train(root, runs, "tokenizer", "count=400", "size=400", "workers=1")
    pool = ["pool.count=40", "pool.chunk=20", "pool.workers=1", "batch_size=4"]
    for codec in ("image_codec", "audio_codec"):
        train(root, runs, codec, *brief, *SMALL, *pool, f"pool_folder={runs / codec}-pool")
    parts = [f"{codec}={runs / codec / 'codec'}" for codec in ("image_codec", "audio_codec")]
    batch = "batch={text: 2, image: 1, audio: 1, accumulate: 1, multiple: 16, unconditional: 0.1}"
    model = train(
        root, runs, "model", *brief, *SMALL, *parts, batch, f"tokenizer={tokenizer / 'tokenizer.model'}"
    )
    return model / "model"


def test_what_was_trained_answers(model_folder: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.png"
    unio("run", "image_from_text", "--text", "a red ball", "--model", model_folder, "--out", drawn)
    unio("run", "depth", "--image", drawn, "--model", model_folder, "--out", tmp_path / "depth.npy")
    assert (tmp_path / "depth.npy").stat().st_size > 96 * 96


def test_what_was_trained_can_be_measured(model_folder: Path, tmp_path: Path) -> None:
    arguments = ["--count", "1", "--families", "vqa,segment,audio_from_text", "--out", tmp_path]
    unio("eval", "playroom", *arguments, "--model", model_folder)
    rows = json.loads((tmp_path / "results.json").read_text())["tasks"]
    assert [row["task"] for row in rows] == ["vqa", "segment", "audio_from_text"]
    assert all(row["ceiling"] is not None for row in rows)
