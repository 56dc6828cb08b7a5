"""The released sizes and the bundled one (spec section 2)."""

import math
from collections.abc import Callable

from unio.codecs import NANO_AUDIO_CODEC, NANO_IMAGE_CODEC, ViTVQGANConfig, VQGANConfig
from unio.core import Registry
from unio.model.config import ModelConfig, PatchEncoderConfig, ResamplerConfig, TrunkConfig
from unio.nn.attention import AttentionKind
from unio.schema import AudioGeometry, Geometry, ImageGeometry

__all__ = ["NANO_GEOMETRY", "PRESETS", "preset"]

PRESETS: Registry[Callable[[], ModelConfig]] = Registry("model preset")


def preset(name: str) -> ModelConfig:
    """The configuration called ``name``. Raises ``ConfigError`` naming the ones there are."""
    return PRESETS.get(name)()


def _released(*, trunk: TrunkConfig, resampler: ResamplerConfig) -> ModelConfig:
    """What the three released models share: everything but trunk and resampler."""
    base_encoder = {"dim": 768, "num_heads": 12, "head_dim": 64, "num_layers": 11, "mlp_dim": 3072}
    stretch = math.sqrt(1024 / 576)
    return ModelConfig(
        geometry=Geometry(),
        trunk=trunk,
        image_encoder=PatchEncoderConfig(**base_encoder, positions=14 * 14),
        audio_encoder=PatchEncoderConfig(**base_encoder, positions=512),
        image_resampler=resampler,
        audio_resampler=resampler,
        image_codec=VQGANConfig(),
        audio_codec=ViTVQGANConfig(),
        text_vocab_rows=33280,
        image_vocab_rows=16512,
        audio_vocab_rows=8320,
        image_rope_multiplier=stretch,
        audio_rope_multiplier=stretch,
        audio_target_rope_grid=(16, 32),
    )


def _released_trunk(*, dim: int, num_heads: int, head_dim: int, mlp_dim: int) -> TrunkConfig:
    return TrunkConfig(
        dim=dim, num_heads=num_heads, head_dim=head_dim, mlp_dim=mlp_dim, encoder_layers=24, decoder_layers=24
    )


def _released_resampler(
    *, dim: int, num_heads: int, mlp_dim: int, attention: AttentionKind = "query_key_norm"
) -> ResamplerConfig:
    return ResamplerConfig(
        dim=dim, num_heads=num_heads, head_dim=64, num_layers=2, mlp_dim=mlp_dim, attention=attention
    )


def _large() -> ModelConfig:
    return _released(
        trunk=_released_trunk(dim=1024, num_heads=16, head_dim=64, mlp_dim=2816),
        resampler=_released_resampler(dim=768, num_heads=12, mlp_dim=2048),
    )


def _xl() -> ModelConfig:
    return _released(
        trunk=_released_trunk(dim=2048, num_heads=16, head_dim=128, mlp_dim=5120),
        resampler=_released_resampler(dim=1024, num_heads=16, mlp_dim=4096),
    )


def _xxl() -> ModelConfig:
    return _released(
        trunk=_released_trunk(dim=3072, num_heads=24, head_dim=128, mlp_dim=8192),
        resampler=_released_resampler(dim=1024, num_heads=16, mlp_dim=4096, attention="scaled_cosine"),
    )


NANO_GEOMETRY = Geometry(
    image=ImageGeometry(
        input_size=128, history_size=96, target_size=96, patch_size=16, code_stride=8, history_latents=16
    ),
    audio=AudioGeometry(mels=64, frames=128, patch_size=16, code_patch=8, history_latents=8),
    text_length=128,
)
"""Pictures of 128 in and 96 out (144 codes), sounds of two seconds (128 codes)."""


def _nano() -> ModelConfig:
    resampler = ResamplerConfig(dim=128, num_heads=4, head_dim=32, num_layers=2, mlp_dim=256)
    return ModelConfig(
        geometry=NANO_GEOMETRY,
        trunk=TrunkConfig(dim=256, num_heads=4, head_dim=64, mlp_dim=704, encoder_layers=6, decoder_layers=6),
        image_encoder=PatchEncoderConfig(
            dim=192, num_heads=6, head_dim=32, num_layers=6, mlp_dim=768, positions=8 * 8
        ),
        audio_encoder=PatchEncoderConfig(
            dim=128, num_heads=4, head_dim=32, num_layers=4, mlp_dim=512, positions=8 * 4
        ),
        image_resampler=resampler,
        audio_resampler=resampler,
        image_codec=NANO_IMAGE_CODEC,
        audio_codec=NANO_AUDIO_CODEC,
        text_vocab_rows=2304,
        image_vocab_rows=1152,
        audio_vocab_rows=640,
        image_rope_multiplier=1.5,
        audio_rope_multiplier=2.0,
        audio_target_rope_grid=(16, 8),
    )


PRESETS.register("large", _large)
PRESETS.register("xl", _xl)
PRESETS.register("xxl", _xxl)
PRESETS.register("nano", _nano)
