"""Sizes of the codecs of `unio-nano`, small enough to train on two processor cores.

What a VQGAN costs is decided at full resolution, where a convolution meets 9,216 places instead of the 144
of the code grid. So the channels start narrow and double where the places quarter.
"""

from unio.codecs.vit_vqgan_config import TransformerConfig, ViTVQGANConfig
from unio.codecs.vqgan_config import VQGANConfig

__all__ = ["NANO_AUDIO_CODEC", "NANO_IMAGE_CODEC"]

NANO_IMAGE_CODEC = VQGANConfig(
    resolution=96,
    channels=16,
    channel_multipliers=(1, 2, 4, 8),
    num_residual_blocks=1,
    attention_resolutions=(12,),
    num_groups=8,
    latent_channels=8,
    code_dim=8,
    num_codes=1024,
)
"""96 x 96 pictures as 12 x 12 codes."""

_NANO_AUDIO_TRANSFORMER = TransformerConfig(dim=128, num_layers=4, num_heads=4, head_dim=32, mlp_dim=512)

NANO_AUDIO_CODEC = ViTVQGANConfig(
    frames=128,
    mels=64,
    patch_size=8,
    encoder=_NANO_AUDIO_TRANSFORMER,
    decoder=_NANO_AUDIO_TRANSFORMER,
    code_dim=16,
    num_codes=512,
)
"""128 frames x 64 mel bands, two seconds, as 16 x 8 codes."""
