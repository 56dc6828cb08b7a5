import pytest

from unio.model import ModelConfig
from unio.schema import TargetModality
from unio.train.flops import encoder_flops, train_flops, trunk_flops
from unio.train.lengths import Lengths, TargetLength


def one_text(encoder: int = 5, target: int = 3) -> Lengths:
    text = TargetLength(modality=TargetModality.TEXT, tokens=target, memory=encoder)
    return Lengths(encoder=(encoder,), targets=(text,))


def test_text_to_text_counted_by_hand(tiny_config: ModelConfig) -> None:
    # trunk: dim 16, 2 heads x 8, MLP 20, one layer each way, 256 text ids; 5 positions in, 3 tokens out
    encoder = 4 * (2 * 5 * 16 * 16)  # q, k, v, out
    encoder += 4 * 25 * 16  # logits and values of 5 x 5 pairs
    encoder += 3 * (2 * 5 * 16 * 20)  # gate, up, down
    own = 4 * (2 * 3 * 16 * 16) + 4 * 6 * 16  # 1 + 2 + 3 causal pairs
    cross = 2 * (2 * 3 * 16 * 16) + 2 * (2 * 5 * 16 * 16) + 4 * 15 * 16
    decoder = own + cross + 3 * (2 * 3 * 16 * 20)
    head = 2 * 3 * 16 * 256
    assert trunk_flops(tiny_config, one_text()) == encoder + decoder + head
    assert train_flops(tiny_config, one_text()) == 3 * (encoder + decoder + head)


def test_a_picture_counted_by_hand(tiny_config: ModelConfig) -> None:
    # ViT: dim 8, 2 heads x 4, MLP 12, 2 blocks; patches of 3 x 8 x 8 values; 4 patches and a class token
    block = 4 * (2 * 5 * 8 * 8) + 4 * 25 * 8 + 2 * (2 * 5 * 8 * 12)
    vit = 2 * 4 * 192 * 8 + 2 * block
    lengths = Lengths(encoder=(), targets=(), image=(4,))
    assert encoder_flops(tiny_config, lengths) == vit
    projection = 2 * 4 * 16 * 16  # both features of 8, side by side, to 16
    assert trunk_flops(tiny_config, lengths) == projection
    assert train_flops(tiny_config, lengths, frozen_encoders=True) == vit + 3 * projection
    assert train_flops(tiny_config, lengths, frozen_weights=True) == 2 * (vit + projection)


def test_a_frame_of_history_counted_by_hand(tiny_config: ModelConfig) -> None:
    # resampler: dim 8, 2 heads x 4, MLP 12, one layer, 2 latents; 4 patches
    layer = 2 * (2 * 2 * 8 * 8) + 2 * (2 * 4 * 8 * 8) + 4 * 8 * 8 + 2 * (2 * 2 * 8 * 12)
    expected = 2 * 4 * 8 * 8 + layer + 2 * 2 * 8 * 16
    assert trunk_flops(tiny_config, Lengths(encoder=(), targets=(), image_history=(4,))) == expected


def test_work_grows_with_every_length(tiny_config: ModelConfig) -> None:
    base = train_flops(tiny_config, one_text())
    assert train_flops(tiny_config, one_text(encoder=6)) > base
    assert train_flops(tiny_config, one_text(target=4)) > base
    assert train_flops(tiny_config, Lengths(encoder=(), targets=())) == pytest.approx(0.0)
