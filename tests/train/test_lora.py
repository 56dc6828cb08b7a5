import pytest
import torch
from torch import nn

from unio.train.lora import AdaptedLinear


def adapted(*, has_magnitude: bool, bias: bool = True) -> tuple[nn.Linear, AdaptedLinear]:
    torch.manual_seed(0)
    base = nn.Linear(3, 5, bias=bias)
    plain = nn.Linear(3, 5, bias=bias)
    plain.load_state_dict(base.state_dict())
    layer = AdaptedLinear(base, name="x", rank=2, alpha=4.0, has_magnitude=has_magnitude, seed=1)
    return plain, layer


@pytest.mark.parametrize("has_magnitude", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_a_new_adapter_changes_nothing(has_magnitude: bool, bias: bool) -> None:
    plain, layer = adapted(has_magnitude=has_magnitude, bias=bias)
    x = torch.randn(2, 3)
    torch.testing.assert_close(layer(x), plain(x))


@pytest.mark.parametrize("has_magnitude", [False, True])
def test_only_the_adapter_learns(has_magnitude: bool) -> None:
    _, layer = adapted(has_magnitude=has_magnitude)
    trained = {name for name, value in layer.named_parameters() if value.requires_grad}
    assert trained == {"lora_a", "lora_b"} | ({"lora_magnitude"} if has_magnitude else set())
    layer(torch.randn(2, 3)).sum().backward()
    assert layer.weight.grad is None
    assert layer.lora_b.grad is not None


def test_the_low_rank_product_is_scaled_by_alpha_over_rank() -> None:
    plain, layer = adapted(has_magnitude=False)
    with torch.no_grad():
        layer.lora_a.fill_(1.0)
        layer.lora_b.fill_(0.5)
    x = torch.tensor([[1.0, 2.0, 3.0]])
    torch.testing.assert_close(layer(x) - plain(x), torch.full((1, 5), 2.0 * 2 * 0.5 * 6.0))


@pytest.mark.parametrize("has_magnitude", [False, True])
def test_merging_keeps_the_output_and_unmerging_the_weight(has_magnitude: bool) -> None:
    _, layer = adapted(has_magnitude=has_magnitude)
    with torch.no_grad():
        layer.lora_b.normal_()
        if layer.lora_magnitude is not None:
            layer.lora_magnitude.mul_(1.5)
    x = torch.randn(4, 3)
    apart, weight = layer(x), layer.weight.clone()
    layer.merge()
    layer.merge()
    assert layer.is_merged
    torch.testing.assert_close(layer(x), apart)
    torch.testing.assert_close(layer.merged_weight().shape, torch.Size([5, 3]))
    layer.unmerge()
    layer.unmerge()
    assert torch.equal(layer.weight, weight)
    assert torch.equal(layer(x), apart)


def test_dora_learns_length_and_direction_apart() -> None:
    _, layer = adapted(has_magnitude=True, bias=False)
    assert layer.lora_magnitude is not None
    with torch.no_grad():
        layer.lora_b.normal_()
    lengths = layer.merged_weight().norm(dim=1)
    torch.testing.assert_close(lengths, layer.lora_magnitude.detach())


def test_a_bfloat16_base_takes_float32_inputs() -> None:
    base = nn.Linear(3, 5).to(torch.bfloat16)
    layer = AdaptedLinear(base, name="x", rank=2, alpha=4.0, has_magnitude=True, seed=1)
    assert layer(torch.randn(2, 3)).dtype == torch.float32
    assert layer.lora_a.dtype == torch.float32
