from pathlib import Path

import numpy as np
import pytest
import torch

from unio.core import WeightsError
from unio.media import image_patches
from unio.schema import AudioGeometry
from unio.train.perceptual import EncoderLoss, GradientLoss, VGG16Loss, _patches, make_perceptual

CPU = torch.device("cpu")
GEOMETRY = AudioGeometry(window=256, hop=128, mels=16, frames=64)


@pytest.mark.parametrize("shape", [(2, 3, 32, 32), (2, 1, 64, 16)], ids=["picture", "sound"])
def test_a_models_encoder_serves_as_feature_network(tiny_model_folder: Path, shape: tuple[int, ...]) -> None:
    loss = make_perceptual(
        EncoderLoss(kind="encoder", folder=tiny_model_folder), geometry=GEOMETRY, device=CPU
    )
    torch.manual_seed(0)
    target = torch.rand(shape) * 2 - 1
    assert float(loss(target, target)) == pytest.approx(0.0, abs=1e-6)
    reconstruction = (target + 0.3 * torch.randn(shape)).requires_grad_(True)
    value = loss(reconstruction, target)
    value.backward()
    assert float(value.detach()) > 0
    assert reconstruction.grad is not None
    assert bool(reconstruction.grad.abs().sum() > 0)


def test_patches_are_cut_as_the_model_gets_them() -> None:
    picture = np.random.default_rng(0).normal(size=(4, 6, 3)).astype(np.float32)
    ours = _patches(torch.as_tensor(picture).permute(2, 0, 1)[None], 2)
    assert np.array_equal(ours[0].numpy(), image_patches(picture, patch_size=2))


def test_the_default_is_the_gradient_loss() -> None:
    loss = make_perceptual(GradientLoss(scales=1), geometry=GEOMETRY, device=CPU)
    ours, theirs = torch.tensor([0.0, 1, 1, 1]), torch.tensor([0.0, 0, 1, 1])
    pictures = [one.view(1, 1, 1, 4).expand(1, 1, 2, 4) for one in (ours, theirs)]
    assert float(loss(*pictures)) == pytest.approx(1 / 3)


def test_missing_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot read"):
        make_perceptual(VGG16Loss(kind="vgg16", weights=tmp_path / "no.pth"), geometry=GEOMETRY, device=CPU)
    with pytest.raises(WeightsError):
        make_perceptual(EncoderLoss(kind="encoder", folder=tmp_path), geometry=GEOMETRY, device=CPU)


def test_its_weights_stay_out_of_a_codecs_checkpoint(tiny_model_folder: Path) -> None:
    loss = make_perceptual(
        EncoderLoss(kind="encoder", folder=tiny_model_folder), geometry=GEOMETRY, device=CPU
    )
    assert not isinstance(loss, torch.nn.Module)
