"""`VQGANConfig`: the sizes of the image codec (spec section 11), by default those of the releases."""

from pydantic import Field, model_validator

from unio.core import Config

__all__ = ["VQGANConfig"]


class VQGANConfig(Config):
    """Sizes of a VQGAN; level 0 has the full resolution, every further level half of the one before."""

    resolution: int = Field(default=256, gt=0, description="Side of the pictures, in pixels.")
    channels: int = Field(default=128, gt=0, description="Channels that the multipliers multiply.")
    channel_multipliers: tuple[int, ...] = Field(
        default=(1, 2, 2, 4), min_length=1, description="Channels of each level, as multiples."
    )
    num_residual_blocks: int = Field(
        default=2, gt=0, description="Residual blocks a level in the encoder; the decoder has one more."
    )
    attention_resolutions: tuple[int, ...] = Field(
        default=(32,), description="Resolutions, in pixels, whose levels have attention."
    )
    num_groups: int = Field(default=32, gt=0, description="Groups of every GroupNorm.")
    norm_epsilon: float = Field(default=1e-6, gt=0, description="Epsilon of every GroupNorm.")
    latent_channels: int = Field(
        default=4, gt=0, description="Channels between the encoder and its 1 x 1 quantising convolution."
    )
    code_dim: int = Field(default=4, gt=0, description="Length of a code.")
    num_codes: int = Field(default=16384, gt=1, description="Codes in the codebook.")

    @property
    def stride(self) -> int:
        """Pixels a code stands for, in each direction."""
        return 2 ** (len(self.channel_multipliers) - 1)

    @property
    def grid(self) -> tuple[int, int]:
        """Codes (down, across) of a picture."""
        side = self.resolution // self.stride
        return side, side

    @property
    def level_channels(self) -> tuple[int, ...]:
        """Channels of each level, full resolution first."""
        return tuple(self.channels * multiplier for multiplier in self.channel_multipliers)

    def has_attention(self, level: int) -> bool:
        """Whether the residual blocks of ``level`` are followed by attention."""
        return self.resolution // 2**level in self.attention_resolutions

    @model_validator(mode="after")
    def _check_sizes(self) -> "VQGANConfig":
        if self.resolution % self.stride:
            raise ValueError(f"resolution must be a multiple of the stride {self.stride}")
        if any(channels % self.num_groups for channels in self.level_channels):
            raise ValueError(f"channels of every level must be multiples of num_groups {self.num_groups}")
        return self
