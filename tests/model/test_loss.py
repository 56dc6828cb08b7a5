import math
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from unio.core import InputError
from unio.model import UnifiedIO, compute_loss, token_losses
from unio.schema import Batch, Target, TargetModality


def test_token_losses_by_hand():
    logits = torch.tensor([[[0.0, math.log(3.0)], [0.0, 0.0]]])
    cross_entropy, log_z = token_losses(logits, torch.tensor([[1, 0]]))
    torch.testing.assert_close(cross_entropy, torch.tensor([[math.log(4 / 3), math.log(2)]]))
    torch.testing.assert_close(log_z, torch.tensor([[math.log(4), math.log(2)]]))


@torch.no_grad()
def test_means_within_each_modality_are_summed(model: UnifiedIO, batch: Batch[Tensor]):
    report = compute_loss(model, batch, z_loss=0.01)
    total = torch.zeros(())
    for modality, logits in model(batch).items():
        target = batch.targets[modality]
        assert target.ids is not None
        counted, ids = logits[target.mask], target.ids[target.mask]
        cross_entropy = F.cross_entropy(counted, ids)
        total += cross_entropy + 0.01 * counted.logsumexp(-1).square().mean()
        torch.testing.assert_close(report.by_modality[modality], cross_entropy)
        assert report.tokens[modality] == len(ids)
        assert report.correct[modality] == (counted.argmax(-1) == ids).sum()
        assert report.modalities[modality].accuracy == report.correct[modality] / len(ids)
    torch.testing.assert_close(report.total, total)


@torch.no_grad()
def test_weights_of_codes_scale_their_cross_entropy(model: UnifiedIO, batch: Batch[Tensor]):
    pictures = batch.targets[TargetModality.IMAGE]
    weights = torch.rand(pictures.mask.shape, generator=torch.Generator().manual_seed(0)) * 2
    weighted = batch.with_targets({TargetModality.IMAGE: replace(pictures, weights=weights)})
    plain, report = (compute_loss(model, one).modalities[TargetModality.IMAGE] for one in (batch, weighted))
    torch.testing.assert_close(report.cross_entropy, plain.cross_entropy)
    expected = (weights * plain.by_token).sum() / plain.tokens
    torch.testing.assert_close(report.total - report.z_loss, expected)


@torch.no_grad()
def test_tokens_that_do_not_count_change_nothing(model: UnifiedIO, batch: Batch[Tensor]):
    text = batch.targets[TargetModality.TEXT]
    assert text.ids is not None
    padded = Target(ids=F.pad(text.ids, (0, 3)), mask=F.pad(text.mask, (0, 3)), rows=text.rows)
    short, long = (
        compute_loss(model, batch.with_targets({TargetModality.TEXT: target})) for target in (text, padded)
    )
    torch.testing.assert_close(short.total, long.total)


@torch.no_grad()
def test_a_target_without_counted_tokens_is_zero(model: UnifiedIO, batch: Batch[Tensor]):
    batch.targets[TargetModality.AUDIO].mask.fill_(False)
    report = compute_loss(model, batch)
    assert report.by_modality[TargetModality.AUDIO] == 0
    assert report.total.isfinite()


def test_media_targets_are_tokenized_on_the_way(model: UnifiedIO, batch: Batch[Tensor]):
    pictures = Target(
        mask=torch.ones(1, 16, dtype=torch.bool), rows=torch.tensor([1]), media=torch.zeros(1, 16, 16, 3)
    )
    report = compute_loss(model, batch.with_targets({TargetModality.IMAGE: pictures}))
    assert report.tokens[TargetModality.IMAGE] == 16


def test_a_batch_without_targets_is_refused(model: UnifiedIO, batch: Batch[Tensor]):
    with pytest.raises(InputError, match="the batch has no targets to learn from"):
        compute_loss(model, batch.with_targets({}))


def test_learns_a_batch_by_heart(fresh_model: UnifiedIO, batch: Batch[Tensor]):
    learning = [parameter for parameter in fresh_model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=3e-3)
    first = None
    for _ in range(40):
        report = compute_loss(fresh_model, batch)
        first = first or report.total.item()
        optimizer.zero_grad()
        report.total.backward()
        optimizer.step()
    assert report.total.item() < 0.3 * first
