import pytest
import torch

from unio.nn import Attention, Int8Linear, Linear, has_bfloat16, precision
from unio.nn.attention import KeysValues
from unio.nn.precision import product_dtype
from unio.nn.quantised_linear import MOST_PACKED_ROWS
from unio.nn.row_products import WIDENED_ROWS

BF16 = torch.bfloat16
CPU = torch.device("cpu")


@pytest.fixture
def plain_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor without instructions for bfloat16."""
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", False)


def noise(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("has", [True, False])
def test_only_bfloat16_on_a_cpu_without_it_is_widened(has, monkeypatch):
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", has)
    assert has_bfloat16(CPU) is has
    assert product_dtype(torch.zeros(2, dtype=BF16)) is (BF16 if has else torch.float32)
    assert product_dtype(torch.zeros(2, dtype=BF16, device="meta")) is BF16
    for dtype in (torch.float16, torch.float32, torch.float64):
        assert product_dtype(torch.zeros(2, dtype=dtype)) is dtype


@torch.no_grad()
def test_many_rows_are_multiplied_in_float32_and_few_as_they_are(plain_cpu, monkeypatch):
    linear, seen = Linear(24, 40).to(BF16), []
    product = torch.nn.functional.linear

    def spy(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        seen.append((x.dtype, weight.dtype))
        return product(x, weight)

    monkeypatch.setattr(torch.nn.functional, "linear", spy)
    for rows in (WIDENED_ROWS - 1, WIDENED_ROWS):
        x = noise(rows, 24).to(BF16)
        found = linear(x)
        assert found.dtype is BF16
        exact = x.double() @ linear.weight.double().T
        torch.testing.assert_close(found.double(), exact, rtol=0.01, atol=0.01)
    assert seen == [(BF16, BF16), (torch.float32, torch.float32)]


@torch.no_grad()
def test_eight_bits_are_widened_too(plain_cpu):
    linear = Linear(32, 64).to(BF16)
    quantised = Int8Linear.from_linear(linear)
    x = noise(MOST_PACKED_ROWS + 1, 32).to(BF16)
    found = quantised(x)
    assert found.dtype is BF16
    torch.testing.assert_close(found.float(), x.float() @ linear.weight.float().T, rtol=0.05, atol=0.05)


@pytest.mark.parametrize("queries", [1, 5])
@torch.no_grad()
def test_attention_in_bfloat16_is_the_same_when_widened(queries, monkeypatch):
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", True)
    attention = Attention(32, num_heads=2, head_dim=16, kind="query_key_norm")
    x, context = noise(1, queries, 32), noise(1, 9, 32, seed=2)

    def run() -> torch.Tensor:
        memory = attention.make_keys_values(context.to(attention.out.weight.dtype))
        assert isinstance(memory, KeysValues)
        made = attention.make_queries(x.to(attention.out.weight.dtype))
        return attention.attend(made, memory)

    exact = run()
    attention.to(BF16)
    narrow = run()
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", False)
    wide = run()
    assert wide.dtype is BF16
    torch.testing.assert_close(wide.float(), exact, rtol=0.05, atol=0.05)
    torch.testing.assert_close(wide, narrow, rtol=0.05, atol=0.05)
