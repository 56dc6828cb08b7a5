import torch
import torch.nn.functional as F

from unio.codecs.convolution_blocks import AttentionBlock, Downsample, Level, ResidualBlock, Upsample


def test_downsample_pads_below_and_to_the_right():
    layer = Downsample(1)
    with torch.no_grad():
        layer.conv.weight.fill_(1.0)
        layer.conv.bias.zero_()

    out = layer(torch.arange(16.0).view(1, 1, 4, 4))

    # Sums of the 3 x 3 windows that start at rows and columns 0 and 2, zeros outside.
    assert out.tolist() == [[[[45.0, 39.0], [66.0, 50.0]]]]


def test_upsample_repeats_every_place():
    layer = Upsample(1)
    with torch.no_grad():
        layer.conv.weight.zero_()
        layer.conv.weight[0, 0, 1, 1] = 1.0
        layer.conv.bias.zero_()

    out = layer(torch.tensor([[[[1.0, 2.0]]]]))

    assert out.tolist() == [[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]]


def test_residual_block_has_a_shortcut_only_where_channels_change():
    same = ResidualBlock(4, 4, num_groups=2, epsilon=1e-6)
    wider = ResidualBlock(4, 6, num_groups=2, epsilon=1e-6)

    assert same.shortcut is None
    assert wider.shortcut is not None
    assert wider.shortcut.weight.shape == (6, 4, 1, 1)
    assert wider(torch.zeros(2, 4, 3, 5)).shape == (2, 6, 3, 5)


def test_attention_equals_the_formula_written_out():
    torch.manual_seed(0)
    block = AttentionBlock(4, num_groups=2, epsilon=1e-6)
    x = torch.randn(2, 4, 2, 3)

    normed = F.group_norm(x, 2, eps=1e-6)
    query, key, value = (layer(normed).flatten(2) for layer in (block.query, block.key, block.value))
    weights = torch.softmax(torch.einsum("bcq,bck->bqk", query, key) / 2, dim=-1)
    attended = torch.einsum("bqk,bck->bcq", weights, value).view(2, 4, 2, 3)

    torch.testing.assert_close(block(x), x + block.out(attended))


def test_level_runs_attention_after_each_block():
    level = Level(2, 4, num_blocks=3, has_attention=True, resample=Downsample(4), num_groups=2, epsilon=1e-6)

    assert len(level.blocks) == len(level.attentions) == 3
    assert level(torch.zeros(1, 2, 4, 6)).shape == (1, 4, 2, 3)
