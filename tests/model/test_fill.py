import pytest
import torch
from torch import nn

from unio.core import WeightsError
from unio.model.fill import fill_parameters


def tensors() -> dict[str, torch.Tensor]:
    return {"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.tensor([3.0])}


def skeleton() -> nn.Linear:
    return nn.Linear(2, 1, device="meta")


def test_fills_a_model_on_the_meta_device():
    model = skeleton()
    model.bias.requires_grad_(False)
    fill_parameters(model, tensors())
    assert model(torch.tensor([1.0, 1.0])).tolist() == [6.0]
    assert (model.weight.requires_grad, model.bias.requires_grad) == (True, False)


def test_missing_and_unexpected_tensors_are_counted_and_named():
    found = {"weight": torch.zeros(1, 2), **{f"extra.{index}": torch.zeros(1) for index in range(5)}}
    with pytest.raises(
        WeightsError,
        match=r"got missing 1 \(bias\), unexpected 5 \(extra.0, extra.1, extra.2 and 2 more\); "
        "expected exactly the model's 2 tensors",
    ):
        fill_parameters(skeleton(), found)


def test_wrong_shapes_are_told_and_nothing_is_changed():
    model = skeleton()
    with pytest.raises(
        WeightsError, match=r"wrong shape: got 1 \(weight \(2, 1\) instead of \(1, 2\)\); fix: use"
    ):
        fill_parameters(model, {**tensors(), "weight": torch.zeros(2, 1)})
    assert model.bias.device.type == "meta"
