import pytest
import torch
from torch import Tensor

from unio.codecs.vit_vqgan import ViTVQGAN
from unio.codecs.vit_vqgan_config import TransformerConfig, ViTVQGANConfig
from unio.core import InputError

SIZES = TransformerConfig(dim=8, num_layers=2, num_heads=2, head_dim=3, mlp_dim=10)
CONFIG = ViTVQGANConfig(frames=6, mels=4, patch_size=2, encoder=SIZES, decoder=SIZES, code_dim=5, num_codes=7)
"""Patches (mel, time): 2 x 3."""


def make_codec() -> ViTVQGAN:
    torch.manual_seed(0)
    return ViTVQGAN(CONFIG)


def sounds(count: int = 2) -> Tensor:
    return torch.randn(count, 6, 4, generator=torch.Generator().manual_seed(1))


def test_sounds_become_codes_and_codes_sounds():
    codec = make_codec()

    codes = codec.encode(sounds())

    assert codes.shape == (2, 6)
    assert codec.decode(codes).shape == (2, 6, 4)


def test_forward_equals_encode_then_decode():
    codec = make_codec()

    result = codec(sounds())

    assert result.codes.tolist() == codec.encode(sounds()).tolist()
    torch.testing.assert_close(result.media, codec.decode(result.codes))


def test_patches_are_mel_major_inside_and_mel_by_frame_within():
    frame, mel = torch.meshgrid(torch.arange(6.0), torch.arange(4.0), indexing="ij")
    log_mel = (10 * mel + frame)[None]

    patches = make_codec()._patches(log_mel)

    assert patches[0].tolist() == [
        [0, 1, 10, 11],
        [2, 3, 12, 13],
        [4, 5, 14, 15],
        [20, 21, 30, 31],
        [22, 23, 32, 33],
        [24, 25, 34, 35],
    ]


def test_vectors_are_time_major_outside(monkeypatch: pytest.MonkeyPatch):
    codec = make_codec()
    mel_major = torch.arange(6.0).view(1, 6, 1)
    monkeypatch.setattr(codec.encoder, "forward", lambda patches: mel_major)

    assert codec.encode_vectors(sounds(1)).flatten().tolist() == [0, 3, 1, 4, 2, 5]


def test_decoding_undoes_the_order(monkeypatch: pytest.MonkeyPatch):
    codec = make_codec()
    seen: list[Tensor] = []

    def remember(vectors: Tensor) -> Tensor:
        seen.append(vectors)
        return torch.zeros(1, 1, 4, 6)

    monkeypatch.setattr(codec.decoder, "forward", remember)
    codec.decode_vectors(torch.tensor([0.0, 3, 1, 4, 2, 5]).view(1, 6, 1))

    assert seen[0].flatten().tolist() == [0, 1, 2, 3, 4, 5]


def test_length_of_a_code_does_not_matter():
    codec = make_codec()
    codes = codec.encode(sounds())
    plain = codec.decode(codes)
    with torch.no_grad():
        codec.quantizer.embedding.weight.mul_(3.0)

    assert codec.encode(sounds()).tolist() == codes.tolist()
    torch.testing.assert_close(codec.decode(codes), plain)


def test_biases_are_where_the_released_codec_has_them():
    names = set(dict(make_codec().named_parameters()))

    assert {"encoder.embedding.bias", "encoder.projection_norm.bias"} <= names
    assert "encoder.transformer.blocks.1.mlp.up.bias" in names
    assert "encoder.transformer.blocks.1.attention.query.bias" not in names
    assert not {"encoder.projection.bias", "decoder.projection.bias", "decoder.conv_out.bias"} & names
    assert "encoder.projection_norm.weight" not in names


def test_gradient_reaches_the_encoder_under_bfloat16():
    codec = make_codec()

    with torch.autocast("cpu", torch.bfloat16):
        result = codec(sounds())
    result.media.float().square().sum().backward()

    gradient = codec.encoder.embedding.weight.grad
    assert gradient is not None
    assert float(gradient.abs().sum()) > 0


def test_sounds_of_another_size_are_refused():
    with pytest.raises(InputError, match=r"cannot read these spectrograms: .*\(batch, 6 frames, 4 mels\)"):
        make_codec().encode(torch.zeros(1, 4, 6))


def test_wrong_number_of_codes_is_refused():
    with pytest.raises(InputError, match="wrong number of audio codes: got 5; expected 3 x 2"):
        make_codec().decode(torch.zeros(1, 5, dtype=torch.int64))
