import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from unio.core import ConfigError, InputError
from unio.model import convert_weights, open_model_folder, write_random_folder
from unio.model.config import ModelConfig


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    return {k: v for path in folder.glob("*.safetensors") for k, v in load_file(path).items()}


@pytest.mark.parametrize("stored", [torch.float32, torch.bfloat16, torch.float16])
def test_there_and_back_bit_for_bit(published_config: ModelConfig, tmp_path: Path, stored: torch.dtype):
    source, ours, back = (tmp_path / name for name in ("source", "ours", "back"))
    write_random_folder(published_config, source, seed=3, dtype=stored, shard_bytes=1_000_000)
    convert_weights(open_model_folder(source), ours, layout="unio", shard_bytes=700_000)
    convert_weights(open_model_folder(ours), back, layout="reference")
    before, after = tensors(source), tensors(back)
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        assert tensor.dtype == after[name].dtype == stored
        assert torch.equal(tensor.view(torch.uint8), after[name].view(torch.uint8)), name
    assert json.loads((source / "config.json").read_text()) == json.loads((back / "config.json").read_text())
    assert all(path.stat().st_size <= 700_000 for path in ours.glob("*.safetensors"))
    assert open_model_folder(ours).layout == "unio"


def test_a_pickle_becomes_safetensors(published_folder: Path, tmp_path: Path):
    source = tmp_path / "source"
    source.mkdir()
    state = tensors(published_folder)
    state["encoder.encoder_norm.scale"] = torch.tensor([float("nan"), -0.0] * 16)
    torch.save(state, source / "pytorch_model.bin")
    (source / "config.json").write_text((published_folder / "config.json").read_text())
    convert_weights(open_model_folder(source), tmp_path / "back", layout="reference")
    after = tensors(tmp_path / "back")
    assert all(torch.equal(v.view(torch.uint8), after[k].view(torch.uint8)) for k, v in state.items())


def test_a_folder_with_a_model_is_not_written_over(published_folder: Path, tiny_model_folder: Path):
    with pytest.raises(InputError, match="holds a model already: expected a new or empty folder; fix: name"):
        convert_weights(open_model_folder(published_folder), tiny_model_folder, layout="unio")


def test_what_the_layout_cannot_say_leaves_no_folder(tiny_model_folder: Path, tmp_path: Path):
    with pytest.raises(ConfigError, match="one rotary multiplier"):
        convert_weights(open_model_folder(tiny_model_folder), tmp_path / "new", layout="reference")
    assert not (tmp_path / "new").exists()
