import pytest
import torch

from unio.model.output_head import RowHead, _dots, head_logits


def noise(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_logits_are_scaled_and_float32():
    hidden, table = noise(2, 3, 16, seed=1).bfloat16(), noise(40, 16, seed=2).bfloat16()
    found = head_logits(hidden, table)
    assert found.dtype is torch.float32
    torch.testing.assert_close(found, hidden.float() @ table.float().T / 4)


def test_it_takes_few_rows():
    head = RowHead()
    assert head.takes(torch.zeros(2, 2, 16))
    assert not head.takes(torch.zeros(5, 1, 16))


def test_uncompiled_it_is_the_plain_head():
    rows, table = noise(3, 16, seed=1), noise(40, 16, seed=2)
    torch.testing.assert_close(_dots(rows, table), head_logits(rows, table), rtol=0, atol=0)


@pytest.mark.compiled
@torch.inference_mode()
def test_more_shapes_than_torch_compiles_give_the_logits_too():
    head = RowHead()
    for vocab in (24, 32, 40):
        for rows in (1, 2, 3, 4):
            hidden, table = noise(rows, 1, 16, seed=rows), noise(vocab, 16, seed=vocab)
            torch.testing.assert_close(head(hidden, table), head_logits(hidden, table), rtol=1e-5, atol=1e-5)
