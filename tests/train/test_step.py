import pytest
import torch
from torch import nn

from unio.core import ConfigError
from unio.nn import precision
from unio.train.step import apply_gradients, autocast, choose_device, describe_products, uses_bf16


def weight_after(gradient: list[float], *, clip: float) -> tuple[list[float], float, bool]:
    parameter = nn.Parameter(torch.zeros(2))
    optimiser = torch.optim.SGD([parameter], lr=1.0)
    parameter.grad = torch.tensor(gradient)
    update = apply_gradients(optimiser, [parameter], clip=clip)
    assert parameter.grad is None
    return parameter.tolist(), update.gradient_norm, update.is_skipped


def test_the_norm_is_clipped() -> None:
    weight, norm, is_skipped = weight_after([3.0, 4.0], clip=1.0)
    assert weight == pytest.approx([-0.6, -0.8], abs=1e-5)
    assert norm == 5.0
    assert not is_skipped


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_skipped(bad: float) -> None:
    weight, _, is_skipped = weight_after([3.0, bad], clip=1.0)
    assert weight == [0.0, 0.0]
    assert is_skipped


def test_autocast_makes_products_bf16_or_leaves_them() -> None:
    linear = nn.Linear(2, 2)
    with autocast(torch.device("cpu"), "bf16"):
        assert linear(torch.ones(1, 2)).dtype == torch.bfloat16
    with autocast(torch.device("cpu"), "float32"):
        assert linear(torch.ones(1, 2)).dtype == torch.float32


@pytest.mark.parametrize("has", [True, False])
def test_auto_is_bf16_where_the_device_has_it(has: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", has)
    cpu = torch.device("cpu")
    assert uses_bf16("auto", cpu) is has
    assert uses_bf16("bf16", cpu)
    assert not uses_bf16("float32", cpu)
    with autocast(cpu, "auto"):
        assert nn.Linear(2, 2)(torch.ones(1, 2)).dtype == (torch.bfloat16 if has else torch.float32)
    assert describe_products("float32", cpu) == "float32"
    assert describe_products("auto", cpu).startswith("bf16" if has else "float32, as this device")
    assert ("precision=auto" in describe_products("bf16", cpu)) is not has


def test_a_device_is_chosen_by_name() -> None:
    assert choose_device("cpu").type == "cpu"
    assert choose_device("auto").type in ("cpu", "cuda")


@pytest.mark.parametrize("name", ["warp", "cuda:77"])
def test_a_device_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(ConfigError, match=f"no such device: got '{name}'; expected auto, cpu"):
        choose_device(name)
