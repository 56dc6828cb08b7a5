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
KINDS = ("adamw", "adafactor", "muon")


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


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_lowers_the_loss_and_leaves_the_frozen_alone(kind: str) -> None:
    torch.manual_seed(0)
    module = Small()
    frozen = module.frozen.weight.clone()
    optimiser = make_optimiser(module, CONFIG.model_copy(update={"kind": kind, "learning_rate": 0.01}))
    before = module().item()
    for _ in range(5):
        optimiser.zero_grad()
        module().backward()
        optimiser.step()
    assert module().item() < before
    assert torch.equal(module.frozen.weight, frozen)


def test_muon_takes_the_matrices_at_their_own_rate_and_adamw_the_rest() -> None:
    config = OptimiserConfig(kind="muon", learning_rate=0.1, matrix_learning_rate=0.2)
    optimiser = make_optimiser(Small(), config)
    set_learning_rate(optimiser, 0.05)
    assert [(len(group["params"]), group["lr"]) for group in optimiser.param_groups] == [(1, 0.1), (5, 0.05)]


def test_a_matrix_rate_is_muons_alone() -> None:
    with pytest.raises(ValueError, match="matrix_learning_rate is muon's alone"):
        OptimiserConfig(learning_rate=0.1, matrix_learning_rate=0.2)


def test_lower_layers_learn_slower() -> None:
    module = nn.Sequential()
    module.add_module("layers", nn.ModuleList([nn.Linear(2, 2, bias=False) for _ in range(3)]))
    optimiser = make_optimiser(module, OptimiserConfig(learning_rate=1.0, layer_decay=0.5))
    set_learning_rate(optimiser, 2.0)
    assert [group["lr"] for group in optimiser.param_groups] == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_comes_back(kind: str) -> None:
    torch.manual_seed(0)
    module, twin = Small(), Small()
    twin.load_state_dict(module.state_dict())
    config = CONFIG.model_copy(update={"kind": kind})
    first, second = make_optimiser(module, config), make_optimiser(twin, config)
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


def test_another_kinds_state_is_refused() -> None:
    module = Small()
    other = make_optimiser(module, CONFIG.model_copy(update={"kind": "adafactor"}))
    with pytest.raises(CheckpointError, match=r"another kind .* got exp_avg; expected Adafactor: "):
        restore_optimiser(other, module, {"linear.weight:exp_avg": torch.ones(2, 3)})
