from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from unio.model.shards import plan_shards, write_shard, write_text


def test_plan_fills_each_shard_as_far_as_it_goes():
    sizes = {"a": 300, "b": 400, "c": 500}
    tensors = {name: torch.zeros(size, dtype=torch.uint8) for name, size in sizes.items()}
    assert plan_shards(tensors, shard_bytes=1100) == {
        "model-00001-of-00002.safetensors": ["a", "b"],
        "model-00002-of-00002.safetensors": ["c"],
    }


def test_a_tensor_larger_than_a_shard_gets_its_own():
    tensors = {name: torch.zeros(size, dtype=torch.uint8) for name, size in (("a", 1), ("b", 9), ("c", 1))}
    assert list(plan_shards(tensors, shard_bytes=2).values()) == [["a"], ["b"], ["c"]]


def test_round_trip(tmp_path: Path):
    path = tmp_path / "one.safetensors"
    write_shard(path, {"a": torch.tensor([1.5, 2.5]).bfloat16(), "b": torch.eye(3).T})
    found = load_file(path)
    assert found["a"].dtype == torch.bfloat16
    assert torch.equal(found["b"], torch.eye(3))
    assert [file.name for file in tmp_path.iterdir()] == ["one.safetensors"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "note.txt"
    write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\udc80")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
