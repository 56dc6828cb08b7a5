import pytest
import torch
from torch import nn

from unio.core import CheckpointError
from unio.train.optimiser import (
    OptimiserConfig,
    decayed_names,
    make_optimiser,
    optimiser_tensors,
    restore_optimiser,
    set_learning_rate,
)

CONFIG = OptimiserConfig(learning_rate=0.1, weight_decay=0.5)


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5, 3)
        self.norm = nn.LayerNorm(3)
        self.linear = nn.Linear(3, 2)
        self.table = nn.Parameter(torch.ones(2, 3))
        self.frozen = nn.Linear(2, 2).requires_grad_(False)

    def forward(self) -> torch.Tensor:
        return self.linear(self.norm(self.embedding.weight)).sum() + self.table.sum()


def test_only_weights_of_matrix_layers_decay() -> None:
    assert decayed_names(Small()) == {"linear.weight", "frozen.weight"}
    assert decayed_names(nn.Conv2d(1, 2, 3)) == {"weight"}


def test_groups_hold_the_trained_parameters() -> None:
    optimiser = make_optimiser(Small(), CONFIG)
    assert [(len(group["params"]), group["weight_decay"]) for group in optimiser.param_groups] == [
        (1, 0.5),
        (5, 0.0),
    ]


def test_the_rate_is_set_for_every_group() -> None:
    optimiser = make_optimiser(Small(), CONFIG)
    set_learning_rate(optimiser, 0.25)
    assert [group["lr"] for group in optimiser.param_groups] == [0.25, 0.25]


def test_the_state_comes_back() -> None:
    torch.manual_seed(0)
    module, twin = Small(), Small()
    twin.load_state_dict(module.state_dict())
    first, second = make_optimiser(module, CONFIG), make_optimiser(twin, CONFIG)
    module().backward()
    first.step()
    twin.load_state_dict(module.state_dict())
    restore_optimiser(second, twin, optimiser_tensors(first, module))
    for model, optimiser in ((module, first), (twin, second)):
        optimiser.zero_grad()
        model().backward()
        optimiser.step()
    for name, value in module.state_dict().items():
        assert torch.equal(value, twin.state_dict()[name]), name


def test_a_fresh_state_is_empty_and_restores() -> None:
    module = Small()
    optimiser = make_optimiser(module, CONFIG)
    assert optimiser_tensors(optimiser, module) == {}
    restore_optimiser(optimiser, module, {})


def test_another_models_state_is_refused() -> None:
    module = Small()
    with pytest.raises(CheckpointError, match=r"belongs to another model: got other\.weight"):
        restore_optimiser(make_optimiser(module, CONFIG), module, {"other.weight:exp_avg": torch.ones(1)})
