import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    return {k: v for path in folder.glob("*.safetensors") for k, v in load_file(path).items()}


@pytest.fixture
def bare(published_folder: Path, tmp_path: Path) -> Path:
    """The published layout as it is published: without a tokenizer."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for path in published_folder.iterdir():
        if path.name != "tokenizer.model":
            (folder / path.name).symlink_to(path)
    return folder


def test_there_and_back(command, published_folder, bare, tmp_path):
    ours, back = tmp_path / "ours", tmp_path / "back"
    tokenizer = published_folder / "tokenizer.model"
    outcome = command("convert", bare, ours, "--tokenizer", tokenizer)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == f"wrote {ours}: 336 tensors in the unio layout\n"
    named = {path.name for path in ours.iterdir()}
    assert named >= {"tokenizer.model", "README.md", "generation_config.json", "preprocessor_config.json"}
    assert command("run", "arithmetic", "--text", "2 + 3", "--model", ours).status == 0
    assert command("convert", ours, back, "--to", "reference", "--shard-megabytes", 1).status == 0
    before, after = tensors(bare), tensors(back)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert json.loads((back / "config.json").read_text()) == json.loads((bare / "config.json").read_text())
    assert (back / "tokenizer.model").read_bytes() == tokenizer.read_bytes()


def test_without_a_tokenizer_it_says_so(command, bare, tmp_path):
    outcome = command("convert", bare, tmp_path / "ours")
    assert outcome.status == 0
    assert outcome.out.splitlines()[1].startswith("without a tokenizer: put a tokenizer.model there, or")


def test_a_folder_with_files_is_left_alone(refused, published_folder, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    message = refused("convert", published_folder, tmp_path)
    assert message.endswith("is not empty: expected a new or empty folder; fix: name another")
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_mistakes_leave_nothing_behind(refused, bare, tiny_model_folder, tmp_path):
    new = tmp_path / "new"
    assert "one rotary multiplier" in refused("convert", tiny_model_folder, new, "--to", "reference")
    assert "no tokenizer at" in refused("convert", bare, new, "--tokenizer", tmp_path / "gone.model")
    assert "--to" in refused("convert", bare, new, "--to", "jax")
    assert "no model folder" in refused("convert", tmp_path / "gone", new)
    assert not new.exists()
