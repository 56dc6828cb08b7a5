import pytest
import torch
from torch import nn

from unio.codecs.training.discriminator import (
    DiscriminatorConfig,
    PatchDiscriminator,
    adaptive_weight,
    hinge_loss,
)


def test_one_logit_a_patch():
    discriminator = PatchDiscriminator(3, config=DiscriminatorConfig(channels=8, num_layers=2))

    # 32 halves to 16 and 8; the two layers that do not halve lose a row and a column each.
    assert discriminator(torch.zeros(2, 3, 32, 32)).shape == (2, 1, 6, 6)


def test_hinge_loss_stops_rewarding_beyond_one():
    real = torch.tensor([[[[2.0, 0.5]]]])
    fake = torch.tensor([[[[-3.0, 0.5]]]])

    # Real: 0 and 0.5; fake: 0 and 1.5.
    assert hinge_loss(real, fake).item() == pytest.approx(0.5 * (0.25 + 0.75))


def test_adaptive_weight_is_the_ratio_of_the_gradients():
    weight = nn.Parameter(torch.tensor([3.0, 4.0]))

    balance = adaptive_weight((6 * weight).sum(), (2 * weight).sum(), output_weight=weight)

    assert balance.item() == pytest.approx(3.0, rel=1e-3)
    assert not balance.requires_grad


def test_adaptive_weight_stays_finite_without_an_adversarial_gradient():
    weight = nn.Parameter(torch.tensor([3.0, 4.0]))

    balance = adaptive_weight((600 * weight).sum(), (0 * weight).sum(), output_weight=weight, limit=50.0)

    assert balance.item() == 50.0
