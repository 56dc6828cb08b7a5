"""`Vocoder`, a HiFi-GAN generator: log-mel -> waveform (spec section 11; Kong et al., arXiv 2010.05646, V3).

Trained vocoders sound better than Griffin-Lim (`unio.media`), which serves where no weights are at hand.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from unio.core import Config, InputError

__all__ = ["Vocoder", "VocoderConfig"]

_SLOPE = 0.1
_LAST_SLOPE = 0.01  # the paper's generator leaves the last activation at the usual slope


class VocoderConfig(Config):
    """Sizes of a HiFi-GAN generator with residual blocks of type 2."""

    mels: int = Field(default=128, gt=0, description="Mel bands of the log-mel.")
    channels: int = Field(
        default=256, gt=0, description="Channels at the frame rate; every upsampling halves them."
    )
    upsample_factors: tuple[int, ...] = Field(
        default=(8, 8, 4), min_length=1, description="Upsamplings, whose product is the hop."
    )
    upsample_kernels: tuple[int, ...] = Field(
        default=(16, 16, 8), min_length=1, description="Kernel of each transposed convolution."
    )
    residual_kernels: tuple[int, ...] = Field(
        default=(3, 5, 7), min_length=1, description="Kernels of the residual blocks that run side by side."
    )
    residual_dilations: tuple[tuple[int, ...], ...] = Field(
        default=((1, 2), (2, 6), (3, 12)), description="Dilations of the convolutions of each residual block."
    )

    @property
    def hop(self) -> int:
        """Samples a frame."""
        return math.prod(self.upsample_factors)

    @model_validator(mode="after")
    def _check_sizes(self) -> "VocoderConfig":
        if len(self.upsample_factors) != len(self.upsample_kernels):
            raise ValueError("upsample_factors and upsample_kernels must be equally many")
        if len(self.residual_kernels) != len(self.residual_dilations):
            raise ValueError("residual_kernels and residual_dilations must be equally many")
        for factor, kernel in zip(self.upsample_factors, self.upsample_kernels, strict=True):
            if kernel < factor or (kernel - factor) % 2:
                raise ValueError(f"kernel {kernel} must exceed its factor {factor} by an even number")
        if self.channels % 2 ** len(self.upsample_factors):
            raise ValueError("channels cannot be halved by every upsampling")
        return self


class _ResidualBlock(nn.Module):
    """Dilated convolutions one after the other, each added to its input."""

    def __init__(self, channels: int, *, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=(kernel - 1) * dilation // 2)
            for dilation in dilations
        )

    def forward(self, x: Float[Tensor, "batch channels time"]) -> Float[Tensor, "batch channels time"]:
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, _SLOPE))
        return x


class _Stage(nn.Module):
    """An upsampling and the mean of its residual blocks."""

    def __init__(self, config: VocoderConfig, *, index: int) -> None:
        super().__init__()
        channels = config.channels // 2**index
        factor, kernel = config.upsample_factors[index], config.upsample_kernels[index]
        self.upsample = nn.ConvTranspose1d(
            channels, channels // 2, kernel, stride=factor, padding=(kernel - factor) // 2
        )
        self.blocks = nn.ModuleList(
            _ResidualBlock(channels // 2, kernel=kernel, dilations=dilations)
            for kernel, dilations in zip(config.residual_kernels, config.residual_dilations, strict=True)
        )

    def forward(self, x: Float[Tensor, "batch channels time"]) -> Float[Tensor, "batch half longer"]:
        x = self.upsample(F.leaky_relu(x, _SLOPE))
        return torch.stack([block(x) for block in self.blocks]).mean(dim=0)


class Vocoder(nn.Module):
    """Log-mels (batch, frames, mels) -> samples (batch, frames x hop) in [-1, 1].

    A segment of centred frames lasts one hop less than that; its caller cuts the rest. Weights are plain:
    those published with weight normalisation are multiplied out before they are loaded.
    """

    def __init__(self, config: VocoderConfig) -> None:
        super().__init__()
        self.config = config
        stages = len(config.upsample_factors)
        self.conv_in = nn.Conv1d(config.mels, config.channels, 7, padding=3)
        self.stages = nn.ModuleList(_Stage(config, index=index) for index in range(stages))
        self.conv_out = nn.Conv1d(config.channels // 2**stages, 1, 7, padding=3)

    def forward(self, log_mel: Float[Tensor, "batch frames mels"]) -> Float[Tensor, "batch samples"]:
        """The waveforms. Raises ``InputError`` for another number of mel bands."""
        if log_mel.shape[-1] != self.config.mels:
            raise InputError(
                "the vocoder cannot read these spectrograms",
                got=f"{log_mel.shape[-1]} mel bands",
                expected=self.config.mels,
            )
        x = self.conv_in(log_mel.transpose(1, 2))
        for stage in self.stages:
            x = stage(x)
        return torch.tanh(self.conv_out(F.leaky_relu(x, _LAST_SLOPE))).squeeze(1)
