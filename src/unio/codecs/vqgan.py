"""`VQGAN`, the image codec: RGB picture <-> a grid of codes (spec section 11; Esser et al., 2012.09841).

Parameters follow the structure of the released one, so that each has exactly one counterpart there:
``encoder.levels.I.blocks.J`` is its ``down_I_block_J``, ``decoder.levels.I`` its ``up_I`` (in the order they
run), ``middle.block_1`` its ``mid_block_1``. Nothing that only training needs is stored here.
"""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.codecs.codec import DiscreteCodec
from unio.codecs.convolution_blocks import Downsample, Level, Middle, Upsample
from unio.codecs.group_norm import GroupNorm
from unio.codecs.vector_quantizer import VectorQuantizer
from unio.codecs.vqgan_config import VQGANConfig
from unio.core import InputError

__all__ = ["VQGAN"]


class _Encoder(nn.Module):
    """Picture -> latent grid."""

    def __init__(self, config: VQGANConfig) -> None:
        super().__init__()
        channels = config.level_channels
        inputs = (config.channels, *channels[:-1])
        last = len(channels) - 1
        self.conv_in = nn.Conv2d(3, config.channels, 3, padding=1)
        self.levels = nn.ModuleList(
            Level(
                inputs[index],
                channels[index],
                num_blocks=config.num_residual_blocks,
                has_attention=config.has_attention(index),
                resample=None if index == last else Downsample(channels[index]),
                num_groups=config.num_groups,
                epsilon=config.norm_epsilon,
            )
            for index in range(len(channels))
        )
        self.middle = Middle(channels[-1], num_groups=config.num_groups, epsilon=config.norm_epsilon)
        self.norm_out = GroupNorm(config.num_groups, channels[-1], eps=config.norm_epsilon)
        self.conv_out = nn.Conv2d(channels[-1], config.latent_channels, 3, padding=1)

    def forward(
        self, pixels: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch latent_channels down across"]:
        x = self.conv_in(pixels)
        for level in self.levels:
            x = level(x)
        return self.conv_out(F.silu(self.norm_out(self.middle(x))))


class _Decoder(nn.Module):
    """Latent grid -> picture, the encoder's levels in reverse with one more residual block each."""

    def __init__(self, config: VQGANConfig) -> None:
        super().__init__()
        channels = config.level_channels[::-1]
        inputs = (channels[0], *channels[:-1])
        last = len(channels) - 1
        self.conv_in = nn.Conv2d(config.latent_channels, channels[0], 3, padding=1)
        self.middle = Middle(channels[0], num_groups=config.num_groups, epsilon=config.norm_epsilon)
        self.levels = nn.ModuleList(
            Level(
                inputs[index],
                channels[index],
                num_blocks=config.num_residual_blocks + 1,
                has_attention=config.has_attention(last - index),
                resample=None if index == last else Upsample(channels[index]),
                num_groups=config.num_groups,
                epsilon=config.norm_epsilon,
            )
            for index in range(len(channels))
        )
        self.norm_out = GroupNorm(config.num_groups, channels[-1], eps=config.norm_epsilon)
        self.conv_out = nn.Conv2d(channels[-1], 3, 3, padding=1)

    def forward(
        self, latents: Float[Tensor, "batch latent_channels down across"]
    ) -> Float[Tensor, "batch 3 height width"]:
        x = self.middle(self.conv_in(latents))
        for level in self.levels:
            x = level(x)
        return self.conv_out(F.silu(self.norm_out(x)))


class VQGAN(DiscreteCodec):
    """Pictures (batch, 3, resolution, resolution) in [-1, 1] <-> codes (batch, rows x columns), row-major."""

    media_channels = 3

    def __init__(self, config: VQGANConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = _Encoder(config)
        self.quant_conv = nn.Conv2d(config.latent_channels, config.code_dim, 1)
        self.quantizer = VectorQuantizer(config.num_codes, config.code_dim, is_cosine=False)
        self.post_quant_conv = nn.Conv2d(config.code_dim, config.latent_channels, 1)
        self.decoder = _Decoder(config)

    @property
    def output_weight(self) -> Tensor:
        """The weight of the convolution that writes the pixels."""
        return self.decoder.conv_out.weight

    def encode_vectors(
        self, media: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch length code_dim"]:
        """Vectors before quantisation, row-major. Raises ``InputError`` for pictures of another size."""
        side = self.config.resolution
        if tuple(media.shape[1:]) != (3, side, side):
            raise InputError(
                "the image codec cannot read these pictures",
                got=f"shape {tuple(media.shape)}",
                expected=f"(batch, 3, {side}, {side})",
                fix="resize and pad them to the codec's resolution",
            )
        return self.quant_conv(self.encoder(media)).flatten(2).transpose(1, 2)

    def decode_vectors(
        self, vectors: Float[Tensor, "batch length code_dim"]
    ) -> Float[Tensor, "batch 3 height width"]:
        """Pictures from row-major vectors. Raises ``InputError`` if their number is not that of the grid."""
        rows, columns = self.config.grid
        if vectors.shape[1] != rows * columns:
            raise InputError(
                "wrong number of image codes", got=vectors.shape[1], expected=f"{rows} x {columns}"
            )
        latents = vectors.transpose(1, 2).reshape(len(vectors), -1, rows, columns)
        return self.decoder(self.post_quant_conv(latents))
