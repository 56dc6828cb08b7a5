import pytest
import torch
import torch.nn.functional as F

from unio.nn import linear as linear_module
from unio.nn.linear import Linear, choose_row_products
from unio.nn.row_products import MOST_ROWS


def matrix(dtype: torch.dtype) -> Linear:
    linear = Linear(24, 40)
    torch.nn.init.normal_(linear.weight, generator=torch.Generator().manual_seed(3))
    return linear.to(dtype)


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("way", MOST_ROWS)
@pytest.mark.parametrize("shape", [(24,), (1, 24), (2, 1, 24), (3, 5, 24), (MOST_ROWS["columns"] + 1, 24)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@torch.no_grad()
def test_any_number_of_rows_gives_the_product(shape, dtype, way):
    linear, x = matrix(dtype), noise(*shape).to(dtype)
    linear.row_product = way
    found = linear(x)
    assert found.dtype is dtype
    wanted = F.linear(x.double(), linear.weight.double())
    error = 0.05 if dtype is torch.bfloat16 else 1e-5
    torch.testing.assert_close(found.double(), wanted, rtol=error, atol=error)


def test_gradients_are_those_of_a_plain_linear():
    linear = matrix(torch.bfloat16)
    linear.row_product = "columns"
    x = noise(1, 24).to(torch.bfloat16).requires_grad_()
    linear(x).sum().backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad[0].float(), linear.weight.float().sum(dim=0), rtol=0.02, atol=0.02)
    assert linear.weight.grad is not None


def test_there_is_one_parameter_and_no_bias():
    assert [name for name, _ in matrix(torch.float32).named_parameters()] == ["weight"]


def test_each_dtype_is_chosen_for_once(monkeypatch):
    asked = []

    def fastest(dtype, *, is_compiled):
        asked.append((dtype, is_compiled))
        return "columns"

    monkeypatch.setattr(linear_module, "fastest_row_product", fastest)
    stack = torch.nn.Sequential(matrix(torch.bfloat16), matrix(torch.bfloat16), matrix(torch.float32))
    choose_row_products(stack, is_compiled=False)
    assert [part.row_product for part in stack] == ["columns", "columns", "linear"]
    choose_row_products(stack, is_compiled=True)
    assert [part.row_product for part in stack] == ["columns"] * 3
    assert asked == [(torch.bfloat16, False), (torch.bfloat16, True), (torch.float32, True)]
