from typing import Any

import pytest
import torch

from unio.codecs.vocoder import Vocoder, VocoderConfig
from unio.core import ConfigError, InputError, validate_config

SMALL: dict[str, Any] = {
    "mels": 5,
    "channels": 8,
    "upsample_factors": (3, 2),
    "upsample_kernels": (5, 4),
    "residual_kernels": (3, 5),
    "residual_dilations": ((1, 2), (2,)),
}


def test_a_frame_becomes_a_hop_of_samples_between_minus_one_and_one():
    torch.manual_seed(0)
    vocoder = Vocoder(VocoderConfig(**SMALL))

    samples = vocoder(100 * torch.randn(2, 7, 5))

    assert samples.shape == (2, 7 * 6)
    assert float(samples.detach().abs().max()) <= 1.0


def test_defaults_are_those_of_the_paper():
    assert (VocoderConfig().hop, VocoderConfig().mels) == (256, 128)

    vocoder = Vocoder(VocoderConfig(mels=80))

    # V3 of the paper: 80 bands, 1.46 M parameters.
    assert sum(parameter.numel() for parameter in vocoder.parameters()) == 1_462_273


def test_each_frame_reaches_only_its_surroundings():
    torch.manual_seed(0)
    vocoder = Vocoder(VocoderConfig(**SMALL))
    log_mel = torch.randn(1, 40, 5)
    changed = log_mel.clone()
    changed[:, 0] += 1.0

    difference = (vocoder(changed) - vocoder(log_mel)).detach()[0]

    assert difference[:6].any()
    assert not difference[120:].any()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"upsample_kernels": (5,)}, "upsample_factors and upsample_kernels must be equally many"),
        ({"residual_dilations": ((1,),)}, "residual_kernels and residual_dilations must be equally many"),
        ({"upsample_kernels": (4, 4)}, "kernel 4 must exceed its factor 3 by an even number"),
        ({"channels": 6}, "channels cannot be halved by every upsampling"),
    ],
)
def test_sizes_that_cannot_go_together_are_refused(changes: dict[str, Any], message: str):
    with pytest.raises(ConfigError, match=message):
        validate_config(VocoderConfig, {**SMALL, **changes}, where="test")


def test_another_number_of_bands_is_refused():
    with pytest.raises(InputError, match="cannot read these spectrograms: got 4 mel bands; expected 5"):
        Vocoder(VocoderConfig(**SMALL))(torch.zeros(1, 7, 4))
