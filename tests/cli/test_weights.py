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
