import pytest
import torch
from torch import nn

from unio.train.averaging import WeightAverage


def module(value: float) -> nn.Linear:
    linear = nn.Linear(1, 1, bias=False)
    nn.init.constant_(linear.weight, value)
    return linear


def test_the_average_follows_the_weights_and_forgets_the_beginning_soon() -> None:
    linear = module(0.0)
    average = WeightAverage(linear, decay=0.5)
    nn.init.constant_(linear.weight, 1.0)
    average.update()  # decay (1 + 1) / (10 + 1)
    assert average.tensors()["weight"].item() == pytest.approx(1 - 2 / 11)
    for _ in range(30):
        average.update()
    assert average.tensors()["weight"].item() == pytest.approx(1.0)


def test_the_decay_is_bounded() -> None:
    linear = module(0.0)
    average = WeightAverage(linear, decay=0.1)
    nn.init.constant_(linear.weight, 1.0)
    average.update()
    assert average.tensors()["weight"].item() == pytest.approx(0.9)


def test_the_module_gets_its_own_weights_back() -> None:
    linear = module(2.0)
    average = WeightAverage(linear, decay=0.5)
    nn.init.constant_(linear.weight, 4.0)
    with average.swapped_in():
        assert linear.weight.item() == 2.0
    assert linear.weight.item() == 4.0
    assert average.tensors()["weight"].item() == 2.0


def test_the_state_comes_back() -> None:
    linear = module(2.0)
    average = WeightAverage(linear, decay=0.5)
    average.update()
    other = WeightAverage(module(0.0), decay=0.5)
    other.restore(average.tensors())
    assert other.updates == 1
    assert torch.equal(other.tensors()["weight"], average.tensors()["weight"])


def test_frozen_weights_are_left_out() -> None:
    linear = module(1.0).requires_grad_(False)
    assert set(WeightAverage(linear, decay=0.5).tensors()) == {":updates"}
