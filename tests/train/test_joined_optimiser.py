import torch
from torch import nn

from unio.train.joined_optimiser import JoinedOptimiser


def test_members_step_as_one_and_share_one_state() -> None:
    first, second = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(2))
    members = [torch.optim.SGD([first], lr=1.0, momentum=0.5), torch.optim.SGD([second], lr=2.0)]
    joined = JoinedOptimiser(members)
    for group in joined.param_groups:
        group["lr"] /= 2
    first.grad, second.grad = torch.ones(2), torch.ones(2)
    joined.step()
    assert first.tolist() == [0.5, 0.5]
    assert second.tolist() == [0.0, 0.0]
    assert joined.parameters() == [first, second]
    assert set(joined.state[first]) == {"momentum_buffer"}
    joined.zero_grad()
    assert first.grad is None
