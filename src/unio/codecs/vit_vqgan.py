"""`ViTVQGAN`, the audio codec: log-mel spectrogram <-> codes (spec section 11; Yu et al., arXiv 2110.04627).

Inside, a spectrogram is a picture with mel bands for rows and frames for columns, cut into square patches in
row-major order, as in the released weights. Outside, both spectrogram and codes are time-major.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.codecs.codec import DiscreteCodec
from unio.codecs.sincos_positions import sincos_positions
from unio.codecs.vector_quantizer import VectorQuantizer
from unio.codecs.vit_vqgan_config import TransformerConfig, ViTVQGANConfig
from unio.core import InputError
from unio.nn.pre_norm_block import PreNormBlock

__all__ = ["ViTVQGAN"]


def _transpose_grid(
    vectors: Float[Tensor, "batch length dim"], *, grid: tuple[int, int]
) -> Float[Tensor, "batch length dim"]:
    """A row-major (rows, columns) grid of vectors made column-major."""
    return vectors.reshape(len(vectors), *grid, -1).transpose(1, 2).flatten(1, 2)


class _Transformer(nn.Module):
    """Adds the fixed positions, then runs pre-LayerNorm blocks and a final LayerNorm."""

    def __init__(self, config: TransformerConfig, *, grid: tuple[int, int], norm_epsilon: float) -> None:
        super().__init__()
        self.grid = grid
        self.dim = config.dim
        self.blocks = nn.ModuleList(
            PreNormBlock(
                config.dim,
                num_heads=config.num_heads,
                head_dim=config.head_dim,
                mlp_dim=config.mlp_dim,
                activation="relu",
                attention_bias=False,
                mlp_bias=True,
                norm_epsilon=norm_epsilon,
            )
            for _ in range(config.num_layers)
        )
        self.norm = nn.LayerNorm(config.dim, eps=norm_epsilon)

    def forward(self, x: Float[Tensor, "batch patches dim"]) -> Float[Tensor, "batch patches dim"]:
        x = x + sincos_positions(self.grid, dim=self.dim, device=x.device).to(x.dtype)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class _ShiftNorm(nn.Module):
    """LayerNorm with a learned bias and no scale."""

    def __init__(self, dim: int, *, epsilon: float) -> None:
        super().__init__()
        self.epsilon = epsilon
        self.bias = nn.Parameter(torch.zeros(dim))

    def forward(self, x: Float[Tensor, "batch patches dim"]) -> Float[Tensor, "batch patches dim"]:
        return F.layer_norm(x, self.bias.shape, eps=self.epsilon) + self.bias


class _Encoder(nn.Module):
    """Flattened patches -> vectors of a code's length."""

    def __init__(self, config: ViTVQGANConfig) -> None:
        super().__init__()
        self.embedding = nn.Linear(config.patch_size**2, config.encoder.dim)
        self.transformer = _Transformer(config.encoder, grid=config.grid, norm_epsilon=config.norm_epsilon)
        self.projection = nn.Linear(config.encoder.dim, config.code_dim, bias=False)
        self.projection_norm = _ShiftNorm(config.code_dim, epsilon=config.norm_epsilon)

    def forward(
        self, patches: Float[Tensor, "batch patches pixels"]
    ) -> Float[Tensor, "batch patches code_dim"]:
        hidden = self.transformer(self.embedding(patches))
        return self.projection_norm(self.projection(F.relu(hidden)))


class _Decoder(nn.Module):
    """Vectors of a code's length -> picture of the spectrogram."""

    def __init__(self, config: ViTVQGANConfig) -> None:
        super().__init__()
        self.grid = config.grid
        self.projection = nn.Linear(config.code_dim, config.decoder.dim, bias=False)
        self.transformer = _Transformer(config.decoder, grid=config.grid, norm_epsilon=config.norm_epsilon)
        self.conv_out = nn.ConvTranspose2d(
            config.decoder.dim, 1, config.patch_size, stride=config.patch_size, bias=False
        )

    def forward(
        self, vectors: Float[Tensor, "batch patches code_dim"]
    ) -> Float[Tensor, "batch 1 mels frames"]:
        hidden = self.transformer(self.projection(vectors))
        return self.conv_out(hidden.transpose(1, 2).unflatten(2, self.grid))


class ViTVQGAN(DiscreteCodec):
    """Log-mels (batch, frames, mels), normalised, <-> codes (batch, time x mel), time-major.

    Example, 16 frames x 24 mels in 8 x 8 patches: a (2, 3) grid of (time, mel), 6 codes, of which the first
    three are the low, middle and high bands of the first 8 frames.
    """

    media_channels = 1

    def __init__(self, config: ViTVQGANConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = _Encoder(config)
        self.quantizer = VectorQuantizer(config.num_codes, config.code_dim, is_cosine=True)
        self.decoder = _Decoder(config)

    @property
    def output_weight(self) -> Tensor:
        """The weight of the convolution that writes the patches."""
        return self.decoder.conv_out.weight

    def encode_vectors(
        self, media: Float[Tensor, "batch frames mels"]
    ) -> Float[Tensor, "batch length code_dim"]:
        """Vectors before quantisation, time-major. Raises ``InputError`` for sounds of another size."""
        config = self.config
        if tuple(media.shape[1:]) != (config.frames, config.mels):
            raise InputError(
                "the audio codec cannot read these spectrograms",
                got=f"shape {tuple(media.shape)}",
                expected=f"(batch, {config.frames} frames, {config.mels} mels)",
                fix="cut the sound into segments of the codec's length",
            )
        vectors = self.encoder(self._patches(media))
        return _transpose_grid(vectors, grid=config.grid)

    def decode_vectors(
        self, vectors: Float[Tensor, "batch length code_dim"]
    ) -> Float[Tensor, "batch frames mels"]:
        """Log-mels from time-major vectors. Raises ``InputError`` if their number is not that of the grid."""
        mel_patches, time_patches = self.config.grid
        if vectors.shape[1] != mel_patches * time_patches:
            raise InputError(
                "wrong number of audio codes",
                got=vectors.shape[1],
                expected=f"{time_patches} x {mel_patches}",
            )
        mel_major = _transpose_grid(vectors, grid=(time_patches, mel_patches))
        return self.decoder(mel_major).squeeze(1).transpose(1, 2)

    def _patches(self, log_mel: Float[Tensor, "batch frames mels"]) -> Float[Tensor, "batch patches pixels"]:
        """Patches in (mel, time) order, each flattened in (mel, frame) order."""
        mel_patches, time_patches = self.config.grid
        side = self.config.patch_size
        blocks = log_mel.transpose(1, 2).reshape(len(log_mel), mel_patches, side, time_patches, side)
        return blocks.transpose(2, 3).reshape(len(log_mel), mel_patches * time_patches, side * side)
