import torch

from unio.model import Memory


def test_select_repeats_and_reorders_rows():
    memory = Memory(
        hidden=torch.arange(3.0).view(3, 1, 1),
        mask=torch.tensor([[True], [False], [True]]),
        rotary=torch.arange(3.0).view(3, 1, 1, 1).expand(-1, -1, 2, 1),
    )
    found = memory.select(torch.tensor([2, 0, 2]))
    assert found.hidden.flatten().tolist() == [2, 0, 2]
    assert found.mask.flatten().tolist() == [True, True, True]
    assert found.rotary[:, 0, 1, 0].tolist() == [2, 0, 2]
