import pytest
import torch

from unio.model import ModelConfig, compute_loss, random_model
from unio.schema import InputModality, TargetModality
from unio.train.ghosts import with_ghosts

import tiny  # isort: skip


def test_a_ghost_changes_no_loss_and_no_gradient(tiny_config: ModelConfig) -> None:
    model = random_model(tiny_config, seed=1)
    batch = tiny.tiny_maker(text=2).make(0).batch
    haunted = with_ghosts(
        batch, streams=list(InputModality), targets=list(TargetModality), config=tiny_config
    )
    assert set(haunted.streams) == set(InputModality)
    assert set(haunted.targets) == set(TargetModality)
    gradients: list[dict[str, torch.Tensor]] = []
    totals: list[float] = []
    for one in (batch, haunted):
        model.zero_grad()
        report = compute_loss(model, one.map(torch.as_tensor))
        report.total.backward()
        totals.append(report.total.item())
        gradients.append({name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None})
    assert totals[0] == pytest.approx(totals[1], rel=1e-6)
    for name, gradient in gradients[1].items():
        expected = gradients[0].get(name, torch.zeros_like(gradient))
        torch.testing.assert_close(gradient, expected, rtol=1e-5, atol=1e-7, msg=name)
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    assert trained - set(gradients[1]) == set(), "with ghosts, every trained layer takes part"


def test_a_batch_that_lacks_nothing_stays_itself(tiny_config: ModelConfig) -> None:
    batch = tiny.tiny_maker(text=2).make(0).batch
    assert with_ghosts(batch, streams=[InputModality.TEXT], targets=[], config=tiny_config) is batch
