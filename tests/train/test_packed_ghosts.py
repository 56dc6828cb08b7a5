import pytest
import tiny
import torch

from unio.data.packing import RowLengths, collate_packed
from unio.model import ModelConfig, compute_loss, random_model
from unio.schema import InputModality, TargetModality
from unio.train.agreement import present_streams
from unio.train.ghosts import with_ghosts


@pytest.mark.parametrize("counts", [{"text": 1}, {"audio": 1}], ids=str)
@pytest.mark.parametrize("lengths", [None, RowLengths(encoder=60, decoder=20)], ids=["variable", "fixed"])
def test_a_ghost_changes_no_loss_and_no_gradient(
    tiny_config: ModelConfig, counts: dict[str, int], lengths: RowLengths | None
) -> None:
    model = random_model(tiny_config, seed=1)
    items = tiny.tiny_packer(maker=tiny.tiny_maker(**counts)).items
    rows = [[items.make(0), items.make(1)], [items.make(2)]]
    batch = collate_packed(rows, geometry=tiny_config.geometry, lengths=lengths)
    haunted = with_ghosts(
        batch, streams=list(InputModality), targets=list(TargetModality), config=tiny_config
    )
    assert present_streams(haunted) == set(InputModality)
    assert set(haunted.targets) == set(TargetModality)
    assert haunted.packing is not None
    assert haunted.encoder_length == haunted.packing.encoder.length > batch.encoder_length
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
        torch.testing.assert_close(gradient, expected, rtol=1e-5, atol=1e-6, msg=name)
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    assert trained - set(gradients[1]) == set(), "with ghosts, every trained layer takes part"


def test_a_batch_that_lacks_nothing_stays_itself(tiny_config: ModelConfig) -> None:
    batch = tiny.tiny_packer().make(0).batch
    streams, targets = present_streams(batch), list(batch.targets)
    assert with_ghosts(batch, streams=streams, targets=targets, config=tiny_config) is batch
