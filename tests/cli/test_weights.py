"""Weights that are not those of the configuration: told in one line, never replaced by random values."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file


@pytest.fixture
def folder(tiny_model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model_folder, tmp_path / "model"))


def shard(folder: Path) -> Path:
    (path,) = folder.glob("*.safetensors")
    return path


def rewrite(folder: Path, tensors: dict[str, Any]) -> None:
    """Write shard and index anew, in agreement with each other."""
    save_file(tensors, shard(folder))
    index = folder / "model.safetensors.index.json"
    values = json.loads(index.read_text())
    values["weight_map"] = dict.fromkeys(tensors, shard(folder).name)
    index.write_text(json.dumps(values))


def test_a_missing_tensor(refused, folder):
    tensors = load_file(shard(folder))
    name = sorted(tensors)[3]
    del tensors[name]
    rewrite(folder, tensors)
    assert name in refused("info", folder)


def test_an_extra_tensor(refused, folder):
    tensors = load_file(shard(folder))
    rewrite(folder, {**tensors, "surprise.weight": tensors[sorted(tensors)[0]]})
    assert "surprise.weight" in refused("info", folder)


def test_a_shard_that_is_not_what_the_index_says(refused, folder):
    tensors = load_file(shard(folder))
    del tensors[sorted(tensors)[3]]
    save_file(tensors, shard(folder))
    assert "does not hold what the index says" in refused("info", folder)


def test_a_tensor_of_another_shape(refused, folder):
    tensors = load_file(shard(folder))
    name = next(name for name in sorted(tensors) if tensors[name].ndim == 2)
    tensors[name] = tensors[name][:-1].copy()
    save_file(tensors, shard(folder))
    assert name in refused("info", folder)


def test_a_file_cut_short(refused, folder):
    path = shard(folder)
    path.write_bytes(path.read_bytes()[:-100])
    assert path.name in refused("info", folder)


def test_a_configuration_with_an_unknown_key(refused, folder):
    path = folder / "config.json"
    values = json.loads(path.read_text())
    values["model"]["trunk"]["headz"] = 3
    path.write_text(json.dumps(values))
    assert "trunk.headz" in refused("info", folder)


def test_a_configuration_with_an_ill_typed_value(refused, folder):
    path = folder / "config.json"
    values = json.loads(path.read_text())
    values["model"]["trunk"]["dim"] = "wide"
    path.write_text(json.dumps(values))
    assert "trunk.dim" in refused("info", folder)


def test_a_folder_without_configuration(refused, folder):
    (folder / "config.json").unlink()
    assert "config.json" in refused("info", folder)


def test_a_shard_that_disagrees_names_the_tensor_that_is_missing(refused, folder):
    tensors = load_file(shard(folder))
    name = sorted(tensors)[3]
    del tensors[name]
    save_file(tensors, shard(folder))
    assert f"got missing 1 ({name})" in refused("info", folder)


def test_an_index_that_names_a_missing_file(refused, folder):
    shard(folder).rename(folder / "elsewhere.safetensors")
    for arguments in (("info", folder), ("run", "arithmetic", "--text", "2 + 3", "--model", folder)):
        assert "names a file that is not there" in refused(*arguments)


def test_a_configuration_with_foreign_keys(refused, folder):
    path = folder / "config.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "quantization_config": {}}))
    assert "unknown key 'quantization_config'" in refused("info", folder)
    path.write_text(json.dumps({"model_type": "llama", "hidden_size": 4096}))
    assert "does not describe a unio model" in refused("info", folder)


@pytest.fixture
def published(published_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published_folder, tmp_path / "published"))


def test_a_published_configuration_with_foreign_keys(refused, published):
    path = published / "config.json"
    values = json.loads(path.read_text())
    values["t5_config"]["num_experts"] = 8
    path.write_text(json.dumps(values))
    for arguments in (("info", published), ("run", "arithmetic", "--text", "2 + 3", "--model", published)):
        assert "unknown key 't5_config.num_experts'" in refused(*arguments)


def test_a_published_shard_cut_short(refused, published, tmp_path):
    path = sorted(published.glob("*.safetensors"))[0]
    path.write_bytes(path.read_bytes()[:-100])
    for arguments in (("info", published), ("convert", published, tmp_path / "new")):
        assert f"{path.name}: got" in refused(*arguments)
    assert not (tmp_path / "new").exists()


class Attack:
    """What unpickles to a call."""

    def __reduce__(self):
        return Path.mkdir, (Path("harm"),)


def test_a_pickle_with_code_in_it(refused, published, tmp_path, monkeypatch):
    import torch

    monkeypatch.chdir(tmp_path)
    for path in (*published.glob("*.safetensors"), published / "model.safetensors.index.json"):
        path.unlink()
    torch.save({"encoder.encoder_norm.scale": Attack()}, published / "pytorch_model.bin")
    for arguments in (("info", published), ("run", "arithmetic", "--text", "2 + 3", "--model", published)):
        assert "holds code beside its tensors, which is not run" in refused(*arguments)
    assert not Path("harm").exists()


def test_a_published_folder_without_a_tokenizer(refused, published):
    (published / "tokenizer.model").unlink()
    message = refused("run", "arithmetic", "--text", "2 + 3", "--model", published)
    assert "has no tokenizer: got no tokenizer.model there, and no other place was named" in message
