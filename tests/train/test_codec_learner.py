from pathlib import Path

import numpy as np
import pytest
import torch

from unio.codecs import VQGAN, ViTVQGAN
from unio.codecs.training import (
    AdversarialConfig,
    CodebookConfig,
    CodecObjective,
    CodecObjectiveConfig,
    DiscriminatorConfig,
)
from unio.core import CheckpointError
from unio.model import ModelConfig
from unio.train.codec_folder import load_image_codec
from unio.train.codec_learner import CodecLearner, media_tensor
from unio.train.optimiser import OptimiserConfig
from unio.train.pace import Pace

PICTURES = np.random.default_rng(0).integers(0, 256, size=(6, 16, 16, 3), dtype=np.uint8)
SOUNDS = np.random.default_rng(0).normal(size=(6, 16, 16)).astype(np.float16)


def learner(codec: VQGAN | ViTVQGAN, media: np.ndarray, *, is_adversarial: bool = False) -> CodecLearner:
    adversarial = AdversarialConfig(start=0.5, discriminator=DiscriminatorConfig(channels=8, num_layers=1))
    config = CodecObjectiveConfig(
        codebook=CodebookConfig(update="average"), adversarial=adversarial if is_adversarial else None
    )
    return CodecLearner(
        codec,
        CodecObjective(config, codec),
        config=OptimiserConfig(learning_rate=1e-2),
        held_out=media[:2],
        device=torch.device("cpu"),
        precision="float32",
    )


def pace(progress: float = 0.0) -> Pace:
    return Pace(rate_share=1.0, progress=progress)


def image_codec(config: ModelConfig) -> VQGAN:
    torch.manual_seed(1)
    return VQGAN(config.image_codec)


def test_pictures_and_sounds_become_what_codecs_read() -> None:
    pictures = media_tensor(np.array([[[[0, 255, 51]]]], dtype=np.uint8))
    assert pictures.shape == (1, 3, 1, 1)
    assert pictures.flatten().tolist() == pytest.approx([-1.0, 1.0, -0.6])
    assert media_tensor(SOUNDS).dtype == torch.float32


@pytest.mark.parametrize("kind", ["image", "audio"])
def test_a_codec_learns_its_media(tiny_config: ModelConfig, kind: str) -> None:
    torch.manual_seed(1)
    codec = image_codec(tiny_config) if kind == "image" else ViTVQGAN(tiny_config.audio_codec)
    media = PICTURES if kind == "image" else SOUNDS
    ours = learner(codec, media)
    losses = [ours.step(media, pace=pace()).losses["reconstruction"] for _ in range(12)]
    assert losses[-1] < losses[0]
    assert ours.learning_rate == 1e-2


def test_the_discriminator_joins_when_its_time_has_come(tiny_config: ModelConfig) -> None:
    ours = learner(image_codec(tiny_config), PICTURES, is_adversarial=True)
    assert "discriminator" not in ours.step(PICTURES, pace=pace(0.4)).losses
    assert {"adversarial", "discriminator"} <= set(ours.step(PICTURES, pace=pace(0.6)).losses)


def test_the_preview_saves_draws_and_tells(tiny_config: ModelConfig, tmp_path: Path) -> None:
    ours = learner(image_codec(tiny_config), PICTURES)
    ours.step(PICTURES, pace=pace())
    line = ours.preview(tmp_path, step=7)
    assert line.startswith("step 7: ")
    assert "dB on 2 unseen" in line
    assert "of the codes in use" in line
    assert (tmp_path / "reconstructions.png").exists()
    assert "how often each code occurred" in (tmp_path / "code_use.svg").read_text()
    assert torch.equal(
        load_image_codec(tmp_path / "codec").quantizer.embedding.weight, ours.codec.quantizer.embedding.weight
    )


def test_everything_comes_back(tiny_config: ModelConfig) -> None:
    first = learner(image_codec(tiny_config), PICTURES, is_adversarial=True)
    first.step(PICTURES, pace=pace(0.6))
    second = learner(VQGAN(tiny_config.image_codec), PICTURES, is_adversarial=True)
    parts = {
        part: {key: value.clone() for key, value in held.items()} for part, held in first.parts().items()
    }
    second.restore(parts)
    reports = [one.step(PICTURES, pace=pace(0.7)).losses for one in (first, second)]
    assert reports[0] == reports[1]
    for part, tensors in first.parts().items():
        for name, value in tensors.items():
            assert torch.equal(value, second.parts()[part][name]), (part, name)


def test_another_codecs_checkpoint_is_refused(tiny_config: ModelConfig) -> None:
    ours = learner(image_codec(tiny_config), PICTURES)
    with pytest.raises(CheckpointError, match="belongs to another codec"):
        ours.restore({"codec": {}, "objective": {}, "optimiser": {}})


def test_media_that_are_not_numbers_change_nothing(tiny_config: ModelConfig) -> None:
    ours = learner(ViTVQGAN(tiny_config.audio_codec), SOUNDS)
    ours.step(SOUNDS, pace=pace())
    before = {name: value.clone() for name, value in ours.codec.state_dict().items()}
    assert ours.step(np.full_like(SOUNDS, np.nan), pace=pace()).is_skipped
    for name, value in ours.codec.state_dict().items():
        assert torch.equal(value, before[name]), name
