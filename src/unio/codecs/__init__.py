"""Discrete codecs: pictures and sounds as codes, and back (spec section 11)."""

from unio.codecs.codec import DiscreteCodec, Reconstruction
from unio.codecs.presets import NANO_AUDIO_CODEC, NANO_IMAGE_CODEC
from unio.codecs.vector_quantizer import Quantized, VectorQuantizer, nearest_codes
from unio.codecs.vit_vqgan import ViTVQGAN
from unio.codecs.vit_vqgan_config import TransformerConfig, ViTVQGANConfig
from unio.codecs.vqgan import VQGAN
from unio.codecs.vqgan_config import VQGANConfig

__all__ = [
    "NANO_AUDIO_CODEC",
    "NANO_IMAGE_CODEC",
    "VQGAN",
    "DiscreteCodec",
    "Quantized",
    "Reconstruction",
    "TransformerConfig",
    "VQGANConfig",
    "VectorQuantizer",
    "ViTVQGAN",
    "ViTVQGANConfig",
    "nearest_codes",
]
