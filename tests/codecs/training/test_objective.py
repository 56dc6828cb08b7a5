from typing import Any

import pytest
import torch
from torch import Tensor

from unio.codecs.codec import DiscreteCodec
from unio.codecs.training import (
    AdversarialConfig,
    CodebookConfig,
    CodecObjective,
    CodecObjectiveConfig,
    DiscriminatorConfig,
)
from unio.codecs.vit_vqgan import ViTVQGAN
from unio.codecs.vit_vqgan_config import TransformerConfig, ViTVQGANConfig
from unio.codecs.vqgan import VQGAN
from unio.codecs.vqgan_config import VQGANConfig


def image_codec() -> VQGAN:
    torch.manual_seed(0)
    config = VQGANConfig(
        resolution=16,
        channels=4,
        channel_multipliers=(1, 2, 2),
        num_residual_blocks=1,
        attention_resolutions=(),
        num_groups=2,
        code_dim=3,
        num_codes=6,
    )
    return VQGAN(config)


def audio_codec() -> ViTVQGAN:
    torch.manual_seed(0)
    sizes = TransformerConfig(dim=8, num_layers=1, num_heads=1, head_dim=8, mlp_dim=8)
    config = ViTVQGANConfig(
        frames=16, mels=8, patch_size=4, encoder=sizes, decoder=sizes, code_dim=3, num_codes=6
    )
    return ViTVQGAN(config)


def random_batch(*shape: int) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(1)) * 2 - 1


def config(**settings: Any) -> CodecObjectiveConfig:
    return CodecObjectiveConfig(**settings)


ADVERSARIAL = AdversarialConfig(
    weight=0.5, start=0.5, discriminator=DiscriminatorConfig(channels=8, num_layers=1)
)


@pytest.mark.parametrize(
    ("codec", "batch"),
    [(image_codec(), random_batch(2, 3, 16, 16)), (audio_codec(), random_batch(2, 16, 8))],
)
def test_total_is_the_weighted_sum_of_the_parts(codec: DiscreteCodec, batch: Tensor):
    objective = CodecObjective(config(perceptual_weight=2.0), codec)

    loss = objective(codec, batch)

    parts = {name: part.item() for name, part in loss.parts.items()}
    assert set(parts) == {"reconstruction", "perceptual", "codebook", "commitment"}
    expected = (
        parts["reconstruction"] + 2 * parts["perceptual"] + parts["codebook"] + 0.25 * parts["commitment"]
    )
    assert loss.total.item() == pytest.approx(expected, rel=1e-5)
    assert loss.reconstruction.shape == batch.shape
    assert loss.codes.shape == loss.vectors.shape[:2]


def test_squared_error_for_sounds():
    codec, batch = audio_codec(), random_batch(2, 16, 8)

    loss = CodecObjective(config(reconstruction="l2"), codec)(codec, batch)

    expected = (loss.reconstruction - batch).square().mean().item()
    assert loss.parts["reconstruction"].item() == pytest.approx(expected, rel=1e-5)


def test_a_few_steps_lower_the_loss():
    codec, batch = image_codec(), random_batch(2, 3, 16, 16)
    objective = CodecObjective(config(), codec)
    optimiser = torch.optim.Adam(codec.parameters(), lr=1e-2)
    totals: list[float] = []

    for _ in range(12):
        loss = objective(codec, batch)
        optimiser.zero_grad()
        loss.total.backward()
        optimiser.step()
        objective.after_step(codec, loss)
        totals.append(loss.total.item())

    assert totals[-1] < 0.9 * totals[0]
    assert int(objective.keeper.step) == 12


def test_bypassed_codebook_has_no_pull():
    codec, batch = image_codec(), random_batch(2, 3, 16, 16)
    objective = CodecObjective(config(codebook=CodebookConfig(bypass_steps=1)), codec)

    objective(codec, batch).total.backward()

    gradient = codec.quantizer.embedding.weight.grad
    assert gradient is None or not gradient.any()


def test_moving_averages_leave_no_codebook_gradient():
    codec, batch = image_codec(), random_batch(2, 3, 16, 16)
    objective = CodecObjective(config(codebook=CodebookConfig(update="average")), codec)

    loss = objective(codec, batch)
    loss.total.backward()
    gradient = codec.quantizer.embedding.weight.grad
    before = codec.quantizer.embedding.weight.detach().clone()
    objective.after_step(codec, loss)

    assert gradient is None or not gradient.any()
    assert not torch.equal(codec.quantizer.embedding.weight, before)


def test_evaluation_leaves_the_codebook_alone():
    codec, batch = image_codec(), random_batch(2, 3, 16, 16)
    before = codec.quantizer.embedding.weight.detach().clone()

    CodecObjective(config(), codec).eval()(codec, batch)

    assert torch.equal(codec.quantizer.embedding.weight, before)


def test_another_perceptual_loss_takes_its_place():
    codec, batch = image_codec(), random_batch(2, 3, 16, 16)

    def constant(reconstruction: Tensor, target: Tensor) -> Tensor:
        assert reconstruction.shape == target.shape == (2, 3, 16, 16)
        return torch.tensor(7.0)

    loss = CodecObjective(config(), codec, perceptual=constant)(codec, batch)

    assert loss.parts["perceptual"].item() == 7.0


@pytest.mark.parametrize(
    ("codec", "batch"),
    [(image_codec(), random_batch(2, 3, 16, 16)), (audio_codec(), random_batch(2, 16, 8))],
)
def test_adversarial_loss_begins_at_its_share(codec: DiscreteCodec, batch: Tensor):
    objective = CodecObjective(config(adversarial=ADVERSARIAL), codec)

    assert "adversarial" not in objective(codec, batch, progress=0.49).parts
    loss = objective(codec, batch, progress=0.5)

    assert loss.total.isfinite()
    assert "adversarial" in loss.parts


def test_discriminator_trains_without_the_codec():
    codec, batch = image_codec(), random_batch(2, 3, 16, 16)
    objective = CodecObjective(config(adversarial=ADVERSARIAL), codec)
    loss = objective(codec, batch, progress=1.0)

    objective.discriminator_loss(batch, loss).backward()

    assert objective.discriminator is not None
    assert all(parameter.grad is not None for parameter in objective.discriminator.parameters())
    assert all(parameter.grad is None for parameter in codec.parameters())


def test_training_state_stays_out_of_the_codec():
    codec = image_codec()
    names = set(codec.state_dict())

    CodecObjective(config(adversarial=ADVERSARIAL), codec)

    assert set(codec.state_dict()) == names
    assert names == {name for name, _ in codec.named_parameters()}
