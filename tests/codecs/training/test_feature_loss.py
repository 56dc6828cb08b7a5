import pytest
import torch

from unio.codecs.training import FeatureLoss


def test_equal_pictures_cost_nothing_and_lengths_do_not_count() -> None:
    loss = FeatureLoss(lambda pictures: [pictures])
    pictures = torch.rand(2, 3, 4, 5)
    assert float(loss(pictures, pictures)) == pytest.approx(0.0, abs=1e-12)
    assert float(loss(2 * pictures, pictures)) == pytest.approx(0.0, abs=1e-10)


def test_squares_are_summed_over_features_and_averaged_over_places() -> None:
    ours = torch.tensor([[3.0, 0.0], [4.0, 1.0]]).view(1, 2, 1, 2)  # (0.6, 0.8) and (0, 1)
    theirs = torch.tensor([[0.0, 0.0], [1.0, 1.0]]).view(1, 2, 1, 2)  # (0, 1) and (0, 1)
    loss = FeatureLoss(lambda pictures: [pictures, pictures])
    assert float(loss(ours, theirs)) == pytest.approx(2 * (0.36 + 0.04) / 2)
    weighed = FeatureLoss(lambda pictures: [pictures], weights=[torch.tensor([0.5, 2.0])])
    assert float(weighed(ours, theirs)) == pytest.approx((0.18 + 0.08) / 2)


def test_gradients_reach_the_reconstruction_even_where_nothing_is() -> None:
    reconstruction = torch.zeros(1, 2, 2, 2, requires_grad=True)
    loss = FeatureLoss(lambda pictures: [pictures])
    loss(reconstruction, torch.ones(1, 2, 2, 2)).backward()
    assert reconstruction.grad is not None
    assert bool(torch.isfinite(reconstruction.grad).all())
    assert bool(reconstruction.grad.abs().sum() > 0)
