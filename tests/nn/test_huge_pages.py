import pytest
import torch

from unio.nn.huge_pages import HugePages


def test_moved_tensors_keep_their_values_and_do_not_overlap():
    tensors = [torch.arange(5, dtype=torch.int8), torch.arange(6.0).view(2, 3), torch.ones(3).bfloat16()]
    pages = HugePages(sum(HugePages.room_for(tensor) for tensor in tensors))
    moved = [pages.move(tensor) for tensor in tensors]
    del pages
    for tensor, copy in zip(tensors, moved, strict=True):
        assert torch.equal(tensor, copy)
        assert copy.data_ptr() % 64 == 0
        copy.zero_()
    assert tensors[1].sum() == 15


def test_room_is_whole_cache_lines():
    assert HugePages.room_for(torch.zeros(1)) == 64
    assert HugePages.room_for(torch.zeros(17)) == 128


def test_a_tensor_too_many():
    pages = HugePages(64)
    pages.move(torch.zeros(16))
    with pytest.raises(ValueError, match="4 bytes do not fit behind 64 of 64"):
        pages.move(torch.zeros(1))
