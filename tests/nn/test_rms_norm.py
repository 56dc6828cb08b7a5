import torch

from unio.nn import RMSNorm


def test_divides_by_the_root_mean_square_and_scales():
    norm = RMSNorm(2, epsilon=0.0)
    norm.scale.data = torch.tensor([1.0, 10.0])
    torch.testing.assert_close(norm(torch.tensor([[3.0, 4.0]])), torch.tensor([[3.0, 40.0]]) / 12.5**0.5)


def test_epsilon_keeps_zeros_zero():
    assert torch.equal(RMSNorm(3)(torch.zeros(2, 3)), torch.zeros(2, 3))


def test_computes_in_float32_and_returns_the_dtype_it_got():
    x = torch.randn(5, 64, generator=torch.Generator().manual_seed(0)).bfloat16()
    norm = RMSNorm(64)
    assert norm(x).dtype == torch.bfloat16
    torch.testing.assert_close(norm(x), norm(x.float()).bfloat16(), rtol=0, atol=0)
