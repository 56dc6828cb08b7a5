"""Bytes that a forward pass keeps for its backward pass: an estimate, term by term.

``a`` is the width of an activation in bytes (2 in bf16, 4 in float32). A position of the encoder keeps

    2 norms        (4 + a) dim each      their float32 input and their output
    q, k norms     8 inner               float32 inputs
    attention      5 a inner             q, k, v, the output, and the output as the next product's input
    gated MLP      4 a mlp               gate, up, silu of the gate, their product

and a decoder row a third norm and a second attention whose keys lie on the encoder's positions. Heads
keep float32 logits, once more for their exponentials and once for their gradient. A recomputed layer
keeps its input alone, and one layer at a time is whole. Caches of the allocator are not in it.
"""

from collections.abc import Sequence

from unio.model import ModelConfig, PatchEncoderConfig
from unio.model.config import TrunkConfig
from unio.train.lengths import Lengths
from unio.train.recompute import Recompute

__all__ = ["activation_bytes"]

LOGIT_BYTES = 12


def activation_bytes(
    config: ModelConfig,
    lengths: Lengths,
    *,
    width: int,
    recompute: Recompute = "none",
    frozen_encoders: bool = False,
) -> float:
    """Bytes kept at the end of the forward pass over one batch of ``lengths``; ``width`` is a."""
    trunk = config.trunk
    is_trunk_again = recompute in ("trunk", "all")
    encoder = [_encoder_layer(trunk, length, width) for length in lengths.encoder]
    decoder = [_decoder_layer(trunk, one.tokens, one.memory, width) for one in lengths.targets]
    positions = sum(lengths.encoder), sum(one.tokens for one in lengths.targets)
    inputs = width * trunk.dim
    total = _stack(encoder, trunk.encoder_layers, inputs * positions[0], is_again=is_trunk_again)
    total += _stack(decoder, trunk.decoder_layers, inputs * positions[1], is_again=is_trunk_again)
    total += sum(LOGIT_BYTES * one.tokens * config.vocab_rows(one.modality) for one in lengths.targets)
    if not frozen_encoders:
        is_again = recompute == "all"
        pictures = [1 + count for count in (*lengths.image, *lengths.image_history)]
        sounds = [2 + count for count in (*lengths.audio, *lengths.audio_history)]
        total += _patch_encoder(config.image_encoder, pictures, width, is_again=is_again)
        total += _patch_encoder(config.audio_encoder, sounds, width, is_again=is_again)
    return total


def _encoder_layer(trunk: TrunkConfig, length: int, width: int) -> float:
    inner = trunk.num_heads * trunk.head_dim
    each = 2 * (4 + width) * trunk.dim + (8 + 5 * width) * inner + 4 * width * trunk.mlp_dim
    return float(length * each)


def _decoder_layer(trunk: TrunkConfig, tokens: int, memory: int, width: int) -> float:
    inner = trunk.num_heads * trunk.head_dim
    own = _encoder_layer(trunk, tokens, width)
    cross = tokens * ((4 + width) * trunk.dim + (4 + 3 * width) * inner)
    return own + cross + memory * (4 + 2 * width) * inner


def _patch_encoder(config: PatchEncoderConfig, tokens: Sequence[int], width: int, *, is_again: bool) -> float:
    inner = config.num_heads * config.head_dim
    each = 2 * (4 + width) * config.dim + 5 * width * inner + 2 * width * config.mlp_dim
    layers = [float(count * each) for count in tokens]
    return _stack(layers, config.num_layers, width * config.dim * sum(tokens), is_again=is_again)


def _stack(layer: Sequence[float], count: int, inputs: float, *, is_again: bool) -> float:
    """``count`` layers that keep the sum of ``layer`` each, or their inputs and one layer whole."""
    whole = sum(layer)
    return count * inputs + whole if is_again else count * whole
