"""`ViTVQGANConfig`: the sizes of the audio codec (spec section 11), by default those of the releases."""

from pydantic import Field, model_validator

from unio.core import Config

__all__ = ["TransformerConfig", "ViTVQGANConfig"]


class TransformerConfig(Config):
    """Sizes of the encoder's or the decoder's transformer."""

    dim: int = Field(default=512, gt=0, multiple_of=4, description="Width of the residual stream.")
    num_layers: int = Field(default=8, gt=0, description="Blocks.")
    num_heads: int = Field(default=8, gt=0, description="Attention heads.")
    head_dim: int = Field(default=64, gt=0, description="Width of a head.")
    mlp_dim: int = Field(default=2048, gt=0, description="Hidden width of the MLP.")


class ViTVQGANConfig(Config):
    """Sizes of a ViT-VQGAN. Pictures of sound have mel bands for rows and frames for columns."""

    frames: int = Field(default=256, gt=0, description="Spectrogram frames in a segment.")
    mels: int = Field(default=128, gt=0, description="Mel bands.")
    patch_size: int = Field(default=8, gt=0, description="Side of a patch, in frames and in mel bands.")
    encoder: TransformerConfig = Field(
        default_factory=lambda: TransformerConfig(), description="The encoder's transformer."
    )
    decoder: TransformerConfig = Field(
        default_factory=lambda: TransformerConfig(), description="The decoder's transformer."
    )
    norm_epsilon: float = Field(default=1e-6, gt=0, description="Epsilon of every LayerNorm.")
    code_dim: int = Field(default=32, gt=0, description="Length of a code.")
    num_codes: int = Field(default=8192, gt=1, description="Codes in the codebook.")

    @property
    def grid(self) -> tuple[int, int]:
        """Patches (mel, time): the layout inside the codec."""
        return self.mels // self.patch_size, self.frames // self.patch_size

    @model_validator(mode="after")
    def _check_sizes(self) -> "ViTVQGANConfig":
        if self.frames % self.patch_size or self.mels % self.patch_size:
            raise ValueError(f"frames and mels must be multiples of patch_size {self.patch_size}")
        return self
