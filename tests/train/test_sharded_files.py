from pathlib import Path

import pytest
import torch

from unio.core import CheckpointError
from unio.train.sharded_files import is_sharded, owner, place_like, read_shards, share_like, write_shards

PARTS = {"model": {"a.b": torch.arange(6.0).view(2, 3)}, "optimiser": {"a.b:step": torch.tensor(4.0)}}


def test_one_process_reads_what_it_wrote(tmp_path: Path) -> None:
    write_shards(PARTS, tmp_path / "shards", group=None)
    loaded = read_shards(tmp_path / "shards", names=["model", "optimiser", "empty"], place=None)
    assert torch.equal(loaded["model"]["a.b"], PARTS["model"]["a.b"])
    assert loaded["optimiser"]["a.b:step"].item() == 4.0
    assert loaded["empty"] == {}


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot read the tensors in"):
        read_shards(tmp_path / "none", names=[], place=None)


def test_a_file_belongs_to_the_process_in_its_name() -> None:
    assert owner("__3_0.distcp") == 3
    assert owner(".metadata") is None


def test_plain_tensors_are_placed_whole() -> None:
    assert not is_sharded(PARTS)
    assert place_like((2, 3), torch.float32, torch.ones(2, 3)).shape == (2, 3)
    value = torch.ones(2)
    assert share_like(value, torch.ones(2)) is value
