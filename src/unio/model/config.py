"""Every size of the model, as frozen configuration (spec sections 2 and 6 to 13)."""

import math
from typing import Literal

from pydantic import Field, model_validator

from unio.codecs import ViTVQGANConfig, VQGANConfig
from unio.core import Config
from unio.model.dynamic_mask import DynamicMask
from unio.nn.attention import AttentionKind
from unio.schema import Geometry, TargetModality

__all__ = ["ModelConfig", "PatchEncoderConfig", "ResamplerConfig", "TrunkConfig"]

FIRST_CODE_ID = 2
"""Image and audio ids: 0 begins, 1 is reserved, code + 2 (spec section 3)."""


class TrunkConfig(Config):
    """Encoder and decoder stacks (spec sections 2 and 10)."""

    dim: int = Field(gt=0, description="Width of the residual stream.")
    num_heads: int = Field(gt=0, description="Attention heads.")
    head_dim: int = Field(
        gt=0, multiple_of=4, description="Width of a head; 2-D rotary needs a multiple of 4."
    )
    mlp_dim: int = Field(gt=0, description="Width of the gated MLP.")
    encoder_layers: int = Field(gt=0, description="Layers of the encoder.")
    decoder_layers: int = Field(gt=0, description="Layers of the decoder.")
    attention: AttentionKind = Field(
        default="query_key_norm", description="How the logits of all three attentions are formed."
    )


class PatchEncoderConfig(Config):
    """A ViT or an AST (spec section 7)."""

    dim: int = Field(gt=0, description="Width of the residual stream.")
    num_heads: int = Field(gt=0, description="Attention heads.")
    head_dim: int = Field(gt=0, description="Width of a head.")
    num_layers: int = Field(ge=2, description="Layers that are run; the second and the last give features.")
    mlp_dim: int = Field(gt=0, description="Width of the MLP.")
    positions: int = Field(
        gt=0, description="Rows of the position table, without those of the class and distillation tokens."
    )


class ResamplerConfig(Config):
    """The perceiver that turns a history frame into latents (spec section 9)."""

    dim: int = Field(gt=0, description="Width of the latents inside the resampler.")
    num_heads: int = Field(gt=0, description="Attention heads.")
    head_dim: int = Field(gt=0, description="Width of a head.")
    num_layers: int = Field(gt=0, description="Layers, each of cross-attention and MLP.")
    mlp_dim: int = Field(gt=0, description="Width of the MLP.")
    attention: AttentionKind = Field(default="query_key_norm", description="How attention logits are formed.")
    activation: Literal["gelu", "gelu_tanh"] = Field(
        default="gelu_tanh",
        description="Form of the GELU: released weights were trained with tanh (spec section 13, 4).",
    )


class ModelConfig(Config):
    """All that is needed to build a `UnifiedIO` without weights."""

    geometry: Geometry = Field(description="Sizes of pictures, sounds and texts.")
    trunk: TrunkConfig = Field(description="Encoder and decoder.")
    image_encoder: PatchEncoderConfig = Field(description="The ViT.")
    audio_encoder: PatchEncoderConfig = Field(description="The AST.")
    image_resampler: ResamplerConfig = Field(description="Resampler of the image history.")
    audio_resampler: ResamplerConfig = Field(description="Resampler of the audio history.")
    image_codec: VQGANConfig = Field(description="Discrete codec of pictures.")
    audio_codec: ViTVQGANConfig = Field(description="Discrete codec of spectrograms.")
    text_vocab_rows: int = Field(gt=2, description="Rows of the text embedding table, unused ones included.")
    image_vocab_rows: int = Field(gt=2, description="Rows of the image code table, unused ones included.")
    audio_vocab_rows: int = Field(gt=2, description="Rows of the audio code table, unused ones included.")
    image_rope_multiplier: float = Field(
        gt=0, description="Stretches the rotary coordinates of image patches to span those of the codes."
    )
    audio_rope_multiplier: float = Field(gt=0, description="The same for audio patches.")
    audio_target_rope_grid: tuple[int, int] = Field(
        description="Rows and columns of the audio target's rotary table, indexed by the running token: "
        "(time, mel) is right, released weights have (mel, time) (spec section 13, 2)."
    )
    dynamic_mask: DynamicMask = Field(
        default="keep_context",
        description="What decoder slots of hidden codes see beside themselves, in [R] training: their open "
        "context, or nothing, as the reference's unused formula has it (spec section 12); none: plain "
        "causality.",
    )

    @property
    def image_target_length(self) -> int:
        """Codes of a generated picture."""
        return math.prod(self.geometry.image.code_grid)

    @property
    def audio_target_length(self) -> int:
        """Codes of a generated sound."""
        return math.prod(self.geometry.audio.code_grid)

    def vocab_rows(self, modality: TargetModality) -> int:
        """Rows of a target modality's embedding table, which is also its output head."""
        match modality:
            case TargetModality.TEXT:
                return self.text_vocab_rows
            case TargetModality.IMAGE:
                return self.image_vocab_rows
            case TargetModality.AUDIO:
                return self.audio_vocab_rows

    def target_length(self, modality: TargetModality) -> int:
        """Most tokens of a target; pictures and sounds always have exactly this many."""
        match modality:
            case TargetModality.TEXT:
                return self.geometry.text_length
            case TargetModality.IMAGE:
                return self.image_target_length
            case TargetModality.AUDIO:
                return self.audio_target_length

    def target_rope_columns(self, modality: TargetModality) -> int | None:
        """Columns of a target's rotary grid; None for text, which lies on a line."""
        match modality:
            case TargetModality.TEXT:
                return None
            case TargetModality.IMAGE:
                return self.geometry.image.code_grid[1]
            case TargetModality.AUDIO:
                return self.audio_target_rope_grid[1]

    @model_validator(mode="after")
    def _agree(self) -> "ModelConfig":
        image, audio = self.geometry.image, self.geometry.audio
        mel_codes = audio.code_grid[::-1]
        checks = {
            "image_codec.resolution differs from geometry.image.target_size": (
                self.image_codec.resolution == image.target_size
            ),
            "image_codec halves the picture to another stride than geometry.image.code_stride": (
                self.image_codec.stride == image.code_stride
            ),
            "audio_codec makes another grid of codes than geometry.audio": self.audio_codec.grid == mel_codes,
            "image_vocab_rows is fewer than image_codec.num_codes + 2": (
                self.image_vocab_rows >= self.image_codec.num_codes + FIRST_CODE_ID
            ),
            "audio_vocab_rows is fewer than audio_codec.num_codes + 2": (
                self.audio_vocab_rows >= self.audio_codec.num_codes + FIRST_CODE_ID
            ),
            "audio_target_rope_grid does not have a place for each audio code": (
                math.prod(self.audio_target_rope_grid) == self.audio_target_length
            ),
            "image_encoder.positions is not a square number": (
                math.isqrt(self.image_encoder.positions) ** 2 == self.image_encoder.positions
            ),
            "audio_encoder.positions is fewer than the patches of a segment": (
                self.audio_encoder.positions >= math.prod(audio.input_grid)
            ),
        }
        for problem, is_fine in checks.items():
            if not is_fine:
                raise ValueError(problem)
        return self
