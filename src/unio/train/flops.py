"""Floating-point operations of a training step, counted from its lengths: the numerator of MFU.

A product of (m, k) and (k, n) counts 2 m k n. Counted are the matrix products of the model: linear
layers, attention's two products (a causal row of T tokens has T (T + 1) / 2 pairs) and the heads.
Not counted: norms, softmax, rotary turns, embedding look-ups, the codecs that tokenize targets,
layers run again by activation checkpointing, and padding.

The backward pass of a product costs two products: one for the input, one for the weights. So

    training = 3 x forward                   of what is trained
             = 2 x forward                   of frozen weights below trained ones (LoRA)
             = 1 x forward                   of encoders at which gradients stop

    MFU = training FLOPs per second / (peak FLOPs per second of one device x devices)
"""

from collections.abc import Iterable

from unio.model import ModelConfig, PatchEncoderConfig, ResamplerConfig
from unio.model.config import TrunkConfig
from unio.train.lengths import Lengths

__all__ = ["encoder_flops", "train_flops", "trunk_flops"]


def train_flops(
    config: ModelConfig, lengths: Lengths, *, frozen_encoders: bool = False, frozen_weights: bool = False
) -> float:
    """Operations of forward and backward over a batch.

    ``frozen_encoders``: gradients stop at ViT and AST. ``frozen_weights``: the base of a LoRA run, whose
    own small products are not counted.
    """
    passes = 2.0 if frozen_weights else 3.0
    outer = 1.0 if frozen_encoders else passes
    return outer * encoder_flops(config, lengths) + passes * trunk_flops(config, lengths)


def encoder_flops(config: ModelConfig, lengths: Lengths) -> float:
    """Forward operations of the ViT and the AST over all pictures, frames and sounds."""
    image, audio = config.geometry.image, config.geometry.audio
    pictures = _patch_encoder(
        config.image_encoder,
        (*lengths.image, *lengths.image_history),
        width=3 * image.patch_size**2,
        leading=1,
    )
    sounds = _patch_encoder(
        config.audio_encoder, (*lengths.audio, *lengths.audio_history), width=audio.patch_size**2, leading=2
    )
    return pictures + sounds


def trunk_flops(config: ModelConfig, lengths: Lengths) -> float:
    """Forward operations of all else: projections, resamplers, encoder, decoder and heads."""
    dim = config.trunk.dim
    total = 0.0
    for patches, encoder in ((lengths.image, config.image_encoder), (lengths.audio, config.audio_encoder)):
        total += _linear(sum(patches), 2 * encoder.dim, dim)
    for patches, resampler, encoder, latents in (
        (
            lengths.image_history,
            config.image_resampler,
            config.image_encoder,
            config.geometry.image.history_latents,
        ),
        (
            lengths.audio_history,
            config.audio_resampler,
            config.audio_encoder,
            config.geometry.audio.history_latents,
        ),
    ):
        total += _resampler(resampler, patches, input_dim=encoder.dim, latents=latents, output_dim=dim)
    total += config.trunk.encoder_layers * sum(_encoder_layer(config.trunk, one) for one in lengths.encoder)
    for target in lengths.targets:
        layer = _decoder_layer(config.trunk, target.tokens, target.memory)
        total += config.trunk.decoder_layers * layer
        total += _linear(target.tokens, dim, config.vocab_rows(target.modality))
    return total


def _encoder_layer(trunk: TrunkConfig, length: int) -> float:
    inner = trunk.num_heads * trunk.head_dim
    attention = 4 * _linear(length, trunk.dim, inner) + _attention(length * length, inner)
    return attention + 3 * _linear(length, trunk.dim, trunk.mlp_dim)


def _decoder_layer(trunk: TrunkConfig, tokens: int, memory: int) -> float:
    inner = trunk.num_heads * trunk.head_dim
    own = 4 * _linear(tokens, trunk.dim, inner) + _attention(tokens * (tokens + 1) / 2, inner)
    cross = 2 * _linear(tokens, trunk.dim, inner) + 2 * _linear(memory, trunk.dim, inner)
    cross += _attention(tokens * memory, inner)
    return own + cross + 3 * _linear(tokens, trunk.dim, trunk.mlp_dim)


def _patch_encoder(config: PatchEncoderConfig, patches: Iterable[int], *, width: int, leading: int) -> float:
    inner = config.num_heads * config.head_dim
    total = 0.0
    for count in patches:
        tokens = count + leading
        block = 4 * _linear(tokens, config.dim, inner) + _attention(tokens * tokens, inner)
        block += 2 * _linear(tokens, config.dim, config.mlp_dim)
        total += _linear(count, width, config.dim) + config.num_layers * block
    return total


def _resampler(
    config: ResamplerConfig, frames: Iterable[int], *, input_dim: int, latents: int, output_dim: int
) -> float:
    inner = config.num_heads * config.head_dim
    total = 0.0
    for patches in frames:
        layer = 2 * _linear(latents, config.dim, inner) + 2 * _linear(patches, config.dim, inner)
        layer += _attention(latents * patches, inner) + 2 * _linear(latents, config.dim, config.mlp_dim)
        total += _linear(patches, input_dim, config.dim) + config.num_layers * layer
        total += _linear(latents, config.dim, output_dim)
    return total


def _linear(tokens: float, inputs: int, outputs: int) -> float:
    return 2.0 * tokens * inputs * outputs


def _attention(pairs: float, inner: int) -> float:
    """Logits and weighted values of ``pairs`` of a query and a key, all heads."""
    return 4.0 * pairs * inner
