from pathlib import Path

import pytest
import torch

from unio.core import WeightsError
from unio.model.shards import plan_shards, read_shard, write_shard, write_text


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
    found = read_shard(path, expected=["b", "a"])
    assert found["a"].dtype == torch.bfloat16
    assert torch.equal(found["b"], torch.eye(3))
    assert [file.name for file in tmp_path.iterdir()] == ["one.safetensors"]


def test_a_file_cut_short_is_refused(tmp_path: Path):
    path = tmp_path / "one.safetensors"
    write_shard(path, {"a": torch.zeros(100)})
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(
        WeightsError, match=r"cannot read .*one.safetensors: got .*; expected a complete safe"
    ):
        read_shard(path, expected=["a"])


@pytest.mark.parametrize("content", [None, b"", b"no safetensors at all"])
def test_a_missing_or_broken_file_is_refused(tmp_path: Path, content: bytes | None):
    path = tmp_path / "one.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"cannot read .*; fix: fetch or write the file again"):
        read_shard(path, expected=["a"])


def test_a_shard_that_holds_something_else_is_refused(tmp_path: Path):
    path = tmp_path / "one.safetensors"
    write_shard(path, {"b": torch.zeros(2)})
    with pytest.raises(WeightsError, match="what the index says: got 1 tensors; expected 1, such as a"):
        read_shard(path, expected=["a"])


def test_integers_are_no_weights(tmp_path: Path):
    path = tmp_path / "one.safetensors"
    write_shard(path, {"a": torch.zeros(2, dtype=torch.int64)})
    with pytest.raises(WeightsError, match=r"a is no weight: got torch.int64; expected floats"):
        read_shard(path, expected=["a"])


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "note.txt"
    write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\udc80")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
