"""Layers whose weights are bfloat16, trained on a processor that does not multiply it."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from unio.nn import Linear, precision
from unio.train.lora import AdaptedLinear

BF16 = torch.bfloat16
PRODUCTS = {torch.ops.aten.mm, torch.ops.aten.addmm, torch.ops.aten.bmm}


class Products(TorchDispatchMode):
    """Notes what dtypes matrices are multiplied in, forward and backward."""

    def __init__(self) -> None:
        super().__init__()
        self.dtypes: set[torch.dtype] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.overloadpacket in PRODUCTS:
            self.dtypes |= {one.dtype for one in args if isinstance(one, torch.Tensor)}
        return func(*args, **(kwargs or {}))


def adapted(base: nn.Linear) -> nn.Linear:
    layer = AdaptedLinear(base, name="x", rank=2, alpha=4.0, has_magnitude=False, seed=1)
    nn.init.normal_(layer.lora_b)
    return layer


@pytest.mark.parametrize("has_bfloat16", [True, False])
@pytest.mark.parametrize("make", [lambda base: base, adapted], ids=["linear", "adapted"])
def test_both_passes_multiply_in_float32_where_it_is_faster(
    monkeypatch: pytest.MonkeyPatch, has_bfloat16: bool, make: Any
) -> None:
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", has_bfloat16)
    torch.manual_seed(0)
    layer = make(Linear(24, 40).to(BF16))
    exact_x = torch.randn(2, 5, 24, dtype=BF16)
    x = exact_x.clone().requires_grad_()
    with Products() as products:
        found = layer(x)
        found.square().sum().backward()
    assert products.dtypes == {BF16 if has_bfloat16 else torch.float32}
    assert found.dtype is BF16
    assert x.grad is not None
    assert x.grad.dtype is BF16
    wide = layer.merged_weight() if isinstance(layer, AdaptedLinear) else layer.weight.float()
    expected = exact_x.float() @ wide.T
    torch.testing.assert_close(found.float(), expected, rtol=0.03, atol=0.05)
    torch.testing.assert_close(x.grad.float(), 2 * expected @ wide, rtol=0.05, atol=0.3)
