import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from unio.core import WeightsError
from unio.model.stored_weights import INDEX_FILE, find_weights, read_json


def write_sharded(folder: Path) -> None:
    save_file({"a": torch.zeros(2), "b": torch.ones(3)}, folder / "first.safetensors")
    save_file({"c": torch.zeros(1)}, folder / "second.safetensors")
    listed = {"a": "first.safetensors", "b": "first.safetensors", "c": "second.safetensors"}
    (folder / INDEX_FILE).write_text(json.dumps({"weight_map": listed}))


def test_shards_are_read_through_their_index(tmp_path: Path):
    write_sharded(tmp_path)
    found = find_weights(tmp_path)
    assert {name: spec.shape for name, spec in found.specs.items()} == {"a": (2,), "b": (3,), "c": (1,)}
    assert [(name, tensor.tolist()) for name, tensor in found.read({"c", "b"})] == [
        ("b", [1.0, 1.0, 1.0]),
        ("c", [0.0]),
    ]


def test_safetensors_come_before_pickles_and_indices_before_single_files(tmp_path: Path):
    torch.save({"pickle": torch.zeros(1)}, tmp_path / "pytorch_model.bin")
    assert list(find_weights(tmp_path).specs) == ["pickle"]
    save_file({"single": torch.zeros(1)}, tmp_path / "model.safetensors")
    assert list(find_weights(tmp_path).specs) == ["single"]
    write_sharded(tmp_path)
    assert list(find_weights(tmp_path).specs) == ["a", "b", "c"]


def test_a_folder_without_weights(tmp_path: Path):
    with pytest.raises(
        WeightsError, match=r"holds no weights: expected one of model.safetensors.index.json, m"
    ):
        find_weights(tmp_path)


def test_a_shard_that_disagrees_names_the_tensors_that_do(tmp_path: Path):
    write_sharded(tmp_path)
    save_file({"a": torch.zeros(2), "z": torch.ones(3)}, tmp_path / "first.safetensors")
    with pytest.raises(
        WeightsError,
        match=r"first.safetensors does not hold what the index says: got missing 1 \(b\), "
        r"unexpected 1 \(z\); expected exactly the 2 tensors that model.safetensors.index.json lists for it",
    ):
        find_weights(tmp_path)


def test_an_index_that_names_a_missing_file(tmp_path: Path):
    write_sharded(tmp_path)
    (tmp_path / "second.safetensors").unlink()
    with pytest.raises(
        WeightsError, match=r"index.json names a file that is not there: got second.safetensors; fix"
    ):
        find_weights(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "has no weight_map"),
        ('{"weight_map": {}}', "has no weight_map"),
        ('{"weight_map": {"a": "../a.safetensors"}}', "names a bad shard for a: got '../a.safetensors'"),
        ('{"weight_map": {"a": 3}}', "names a bad shard for a: got 3; expected a file beside the index"),
    ],
)
def test_an_unusable_index(tmp_path: Path, content: str, message: str):
    (tmp_path / INDEX_FILE).write_text(content)
    with pytest.raises(WeightsError, match=message):
        find_weights(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "is not valid JSON"), ("[" * 100_000, "JSON"), ("3", "no mapping: got int")],
)
def test_unusable_json(tmp_path: Path, content: str, message: str):
    (tmp_path / "one.json").write_text(content)
    with pytest.raises(WeightsError, match=message):
        read_json(tmp_path / "one.json")
    with pytest.raises(WeightsError, match=r"cannot read .*two.json: got No such file"):
        read_json(tmp_path / "two.json")
