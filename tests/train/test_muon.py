"""Batched Muon against torch's."""

import copy

import pytest
import torch
from torch import Tensor, nn

from unio.nn import precision
from unio.train.muon import BatchedMuon, _orthogonalise

SHAPES = [(6, 4), (4, 6), (6, 4), (5, 5), (4, 6), (2, 9)]


def matrices() -> list[nn.Parameter]:
    noise = torch.Generator().manual_seed(3)
    return [nn.Parameter(torch.randn(shape, generator=noise)) for shape in SHAPES]


def give_gradients(parameters: list[nn.Parameter], *, seed: int) -> None:
    noise = torch.Generator().manual_seed(seed)
    for one in parameters:
        one.grad = torch.randn(one.shape, generator=noise)


def groups(parameters: list[nn.Parameter]) -> list[dict[str, object]]:
    return [{"params": parameters[:4]}, {"params": parameters[4:], "weight_decay": 0.0, "lr": 0.05}]


@pytest.mark.parametrize("has_bfloat16", [True, False])
def test_updates_are_those_of_torch(has_bfloat16: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", has_bfloat16)
    ours, theirs = matrices(), matrices()
    settings = {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.02}
    batched = BatchedMuon(groups(ours), **settings)
    single = torch.optim.Muon(groups(theirs), adjust_lr_fn="match_rms_adamw", **settings)
    for step in range(3):
        for parameters, optimiser in ((ours, batched), (theirs, single)):
            give_gradients(parameters, seed=step)
            optimiser.step()
    for mine, expected, start in zip(ours, theirs, matrices(), strict=True):
        # Both round to bfloat16, in another order of sums.
        torch.testing.assert_close(mine - start, expected - start, rtol=0.02, atol=0.004)
        assert not torch.equal(mine, start)


def test_goes_on_from_the_state_of_torch() -> None:
    ours, theirs = matrices(), matrices()
    single = torch.optim.Muon(theirs, adjust_lr_fn="match_rms_adamw")
    give_gradients(theirs, seed=0)
    single.step()
    batched = BatchedMuon([{"params": ours}], lr=1e-3, momentum=0.95, weight_decay=0.1)
    batched.load_state_dict(copy.deepcopy(single.state_dict()))
    momentum: Tensor = batched.state[ours[0]]["momentum_buffer"]
    torch.testing.assert_close(momentum, single.state[theirs[0]]["momentum_buffer"])


def test_a_matrix_without_a_gradient_stays() -> None:
    parameters = matrices()
    give_gradients(parameters[1:], seed=0)
    BatchedMuon([{"params": parameters}], lr=0.1, momentum=0.9, weight_decay=0.5).step()
    kept = [torch.equal(one, before) for one, before in zip(parameters, matrices(), strict=True)]
    assert kept == [True, False, False, False, False, False]


def test_rows_become_nearly_orthonormal() -> None:
    noise = torch.randn(3, 4, 7, generator=torch.Generator().manual_seed(1))
    flat = _orthogonalise(noise, coefficients=(3.4445, -4.7750, 2.0315), steps=5)
    values = torch.linalg.svdvals(flat)
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_a_zero_gradient_moves_nothing_but_decay() -> None:
    parameter = nn.Parameter(torch.ones(2, 3))
    parameter.grad = torch.zeros(2, 3)
    BatchedMuon([{"params": [parameter]}], lr=0.1, momentum=0.9, weight_decay=0.5).step()
    torch.testing.assert_close(parameter.data, torch.full((2, 3), 0.95))
