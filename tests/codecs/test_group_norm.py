import pytest
import torch
from torch import nn

from unio.codecs.group_norm import GroupNorm


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_output_and_gradients_are_those_of_torch(memory_format: torch.memory_format):
    torch.manual_seed(0)
    ours, theirs = GroupNorm(3, 6, eps=1e-6), nn.GroupNorm(3, 6, eps=1e-6)
    with torch.no_grad():
        ours.weight.copy_(torch.randn(6))
        ours.bias.copy_(torch.randn(6))
    theirs.load_state_dict(ours.state_dict())
    pictures = torch.randn(2, 6, 4, 5).to(memory_format=memory_format)
    gradient = torch.randn(2, 6, 4, 5)

    found: list[torch.Tensor] = []
    for norm in (ours, theirs):
        x = pictures.clone().requires_grad_()
        out = norm(x)
        out.backward(gradient)
        assert x.grad is not None
        assert norm.weight.grad is not None
        assert norm.bias.grad is not None
        found += [out.detach(), x.grad, norm.weight.grad, norm.bias.grad]

    for mine, reference in zip(found[:4], found[4:], strict=True):
        torch.testing.assert_close(mine, reference)


def test_layout_is_kept():
    pictures = torch.randn(2, 6, 4, 5).to(memory_format=torch.channels_last).requires_grad_()

    out = GroupNorm(3, 6)(pictures)
    out.sum().backward()

    assert out.is_contiguous(memory_format=torch.channels_last)
    assert pictures.grad is not None
    assert pictures.grad.is_contiguous(memory_format=torch.channels_last)
