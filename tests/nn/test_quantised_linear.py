import pytest
import torch
from torch import nn

from unio.nn.quantised_linear import Int4Linear, Int8Linear


def linear(inputs: int, outputs: int, *, dtype: torch.dtype = torch.float32) -> nn.Linear:
    matrix = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(matrix.weight, generator=torch.Generator().manual_seed(3))
    return matrix.to(dtype)


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("rows", [1, 2, 16, 17, 40])
def test_whole_steps_of_8_bits_are_exact(rows):
    matrix = linear(64, 32)
    steps = torch.randint(-127, 128, (32, 64), generator=torch.Generator().manual_seed(1)).float()
    steps[:, 0] = 127
    matrix.weight.data = steps * 0.25
    x = noise(rows, 64)
    torch.testing.assert_close(Int8Linear.from_linear(matrix)(x), matrix(x), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("rows", [1, 2, 40])
def test_whole_steps_of_4_bits_are_exact(rows):
    matrix = linear(64, 32)
    steps = torch.randint(0, 16, (32, 2, 32), generator=torch.Generator().manual_seed(1)).float()
    steps[..., 0], steps[..., 1] = 0, 15
    matrix.weight.data = (steps * 0.5 - 2.0).flatten(1)
    x = noise(rows, 64)
    torch.testing.assert_close(Int4Linear.from_linear(matrix)(x), matrix(x), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(("kind", "most"), [(Int8Linear, 0.01), (Int4Linear, 0.12)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_error_is_small_and_the_dtype_stays(kind, most, dtype):
    matrix = linear(96, 64, dtype=dtype)
    x = noise(2, 3, 96).to(dtype)
    with torch.no_grad():
        wanted, got = matrix(x), kind.from_linear(matrix)(x)
    assert got.dtype is dtype
    assert got.shape == wanted.shape
    error = (got.float() - wanted.float()).norm() / wanted.float().norm()
    assert error < most + (0.01 if dtype is torch.bfloat16 else 0)


def test_bytes_that_a_product_reads():
    matrix = linear(64, 32)
    assert Int8Linear.from_linear(matrix).nbytes == 64 * 32 + 32 * 4
    assert Int4Linear.from_linear(matrix).nbytes == 64 * 32 // 2 + 2 * 32 * 2 * 4


@pytest.mark.parametrize("kind", [Int8Linear, Int4Linear])
def test_a_matrix_of_zeros_gives_zeros(kind):
    matrix = linear(32, 32)
    matrix.weight.data.zero_()
    assert kind.from_linear(matrix)(noise(1, 32)).abs().max() < 1e-6
