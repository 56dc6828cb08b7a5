import pytest
import torch
from torch import Tensor

from unio.codecs.vqgan import VQGAN
from unio.codecs.vqgan_config import VQGANConfig
from unio.core import InputError

CONFIG = VQGANConfig(
    resolution=16,
    channels=4,
    channel_multipliers=(1, 2, 3),
    num_residual_blocks=2,
    attention_resolutions=(4,),
    num_groups=2,
    latent_channels=3,
    code_dim=5,
    num_codes=7,
)


def make_codec() -> VQGAN:
    torch.manual_seed(0)
    return VQGAN(CONFIG)


def pictures(count: int = 2) -> Tensor:
    return torch.rand(count, 3, 16, 16, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_pictures_become_codes_and_codes_pictures():
    codec = make_codec()

    codes = codec.encode(pictures())

    assert codes.shape == (2, 16)
    assert codes.dtype == torch.int64
    assert codec.decode(codes).shape == (2, 3, 16, 16)


def test_forward_equals_encode_then_decode():
    codec = make_codec()

    result = codec(pictures())

    assert result.codes.tolist() == codec.encode(pictures()).tolist()
    torch.testing.assert_close(result.media, codec.decode(result.codes))
    assert result.vectors.shape == (2, 16, 5)
    assert not result.vectors.requires_grad


def test_gradient_reaches_the_encoder_through_the_codes():
    codec = make_codec()

    codec(pictures()).media.square().sum().backward()

    gradient = codec.encoder.conv_in.weight.grad
    assert gradient is not None
    assert float(gradient.abs().sum()) > 0


def test_bypass_shows_the_decoder_the_vectors_themselves():
    codec = make_codec()

    result = codec(pictures(), bypass_codebook=True)

    torch.testing.assert_close(result.media, codec.decode_vectors(result.vectors))


def test_vectors_are_row_major(monkeypatch: pytest.MonkeyPatch):
    codec = make_codec()
    places = torch.arange(16.0).view(1, 1, 4, 4).expand(1, 3, 4, 4)
    monkeypatch.setattr(codec.encoder, "forward", lambda pixels: places)
    with torch.no_grad():
        codec.quant_conv.weight.copy_(torch.eye(5, 3)[:, :, None, None])
        codec.quant_conv.bias.zero_()

    assert codec.encode_vectors(pictures(1))[0, :, 0].tolist() == list(range(16))


def test_decoding_undoes_the_order(monkeypatch: pytest.MonkeyPatch):
    codec = make_codec()
    seen: list[Tensor] = []

    def remember(latents: Tensor) -> Tensor:
        seen.append(latents)
        return torch.zeros(1, 3, 16, 16)

    monkeypatch.setattr(codec.decoder, "forward", remember)
    with torch.no_grad():
        codec.post_quant_conv.weight.copy_(torch.eye(3, 5)[:, :, None, None])
        codec.post_quant_conv.bias.zero_()
    codec.decode_vectors(torch.arange(16.0).view(1, 16, 1).expand(1, 16, 5))

    assert seen[0][0, 0].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]


def test_levels_follow_the_released_structure():
    names = dict(make_codec().named_parameters())

    assert names["encoder.levels.1.blocks.0.shortcut.weight"].shape == (8, 4, 1, 1)
    assert "encoder.levels.2.attentions.1.query.weight" in names
    assert "encoder.levels.2.resample.conv.weight" not in names
    assert "decoder.levels.0.attentions.2.out.bias" in names
    assert names["decoder.levels.1.blocks.0.conv_1.weight"].shape == (8, 12, 3, 3)
    assert names["quantizer.embedding.weight"].shape == (7, 5)


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_trains_under_bfloat16_in_both_memory_formats(memory_format: torch.memory_format):
    codec = make_codec().to(memory_format=memory_format)
    batch = pictures().to(memory_format=memory_format)

    with torch.autocast("cpu", torch.bfloat16):
        result = codec(batch)
    (result.media.float().square().mean() + result.commitment_loss).backward()

    assert all(
        parameter.grad is not None and bool(parameter.grad.isfinite().all())
        for name, parameter in codec.named_parameters()
        if name != "quantizer.embedding.weight"
    )


@pytest.mark.parametrize("shape", [(2, 3, 16, 24), (2, 1, 16, 16), (2, 3, 8, 8)])
def test_pictures_of_another_size_are_refused(shape: tuple[int, ...]):
    with pytest.raises(InputError, match=r"cannot read these pictures: got shape .*\(batch, 3, 16, 16\)"):
        make_codec().encode(torch.zeros(shape))


def test_wrong_number_of_codes_is_refused():
    with pytest.raises(InputError, match="wrong number of image codes: got 15; expected 4 x 4"):
        make_codec().decode(torch.zeros(1, 15, dtype=torch.int64))
