import pytest
import torch

from unio.codecs.training.gradient_loss import multiscale_gradient_loss


def test_one_row_by_hand():
    target = torch.tensor([[[[0.0, 0, 1, 1], [0, 0, 1, 1]]]])
    ours = torch.tensor([[[[0.0, 1, 1, 1], [0, 1, 1, 1]]]])

    # Vertical differences agree; horizontal ones differ by 1, 1, 0 in each row.
    loss = multiscale_gradient_loss(ours, target, num_scales=1)

    assert loss.item() == pytest.approx((0 + 2 / 3) / 2)


def test_second_scale_compares_averages():
    target = torch.zeros(1, 1, 4, 4)
    ours = torch.zeros(1, 1, 4, 4)
    ours[..., :2] = 4.0

    # Full size: one of three horizontal differences is off by 4. Half size: the only one is.
    loss = multiscale_gradient_loss(ours, target, num_scales=2)

    assert loss.item() == pytest.approx((4 / 3 + 4) / 4)


def test_a_shift_of_brightness_costs_nothing():
    picture = torch.rand(2, 3, 8, 8)

    assert multiscale_gradient_loss(picture + 0.25, picture).item() == pytest.approx(0, abs=1e-6)
