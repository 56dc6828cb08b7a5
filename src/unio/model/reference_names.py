"""Parameter names of published checkpoints <-> ours: one table, read both ways (spec section 15).

In a pattern ``{i}`` and ``{j}`` stand for numbers and ``{rest}`` for whatever follows; both sides
name the same places. Every name fits exactly one row. Shapes are the same on both sides.
"""

import re
from functools import cache

from unio.core import WeightsError

__all__ = ["NAMES", "from_reference", "to_reference"]

_IMAGE = "input_embedders.image.image_encoder.vision_transformer"
_AUDIO = "input_embedders.audio.image_encoder.vision_transformer"
_IMAGE_CODEC = "target_embedders.image.vqgan"
_AUDIO_CODEC = "target_embedders.audio.vqgan"

# (our end, the reference's end) of the names inside a repeated block.
_PATCH_BLOCK = (
    ("norm_{j}.{rest}", "ln_{j}.{rest}"),
    ("attention.query.weight", "attn.query_in_proj_weight"),
    ("attention.query.bias", "attn.query_in_proj_bias"),
    ("attention.key.weight", "attn.key_in_proj_weight"),
    ("attention.key.bias", "attn.key_in_proj_bias"),
    ("attention.value.weight", "attn.value_in_proj_weight"),
    ("attention.value.bias", "attn.value_in_proj_bias"),
    ("attention.out.{rest}", "attn.out_proj.{rest}"),
    ("mlp.up.{rest}", "mlp.fc1.{rest}"),
    ("mlp.down.{rest}", "mlp.fc2.{rest}"),
)
_CODEC_BLOCK = (
    ("norm_{j}.{rest}", "ln_{j}.{rest}"),
    ("attention.{rest}", "attn.{rest}"),
    ("mlp.up.{rest}", "mlp.fc1.{rest}"),
    ("mlp.down.{rest}", "mlp.fc2.{rest}"),
)
_RESIDUAL_BLOCK = (
    ("norm_1.{rest}", "norm1.{rest}"),
    ("norm_2.{rest}", "norm2.{rest}"),
    ("conv_1.{rest}", "conv1.{rest}"),
    ("conv_2.{rest}", "conv2.{rest}"),
    ("shortcut.{rest}", "nin_shortcut.{rest}"),
)
_SPATIAL_ATTENTION = (
    ("norm.{rest}", "norm.{rest}"),
    ("query.{rest}", "q.{rest}"),
    ("key.{rest}", "k.{rest}"),
    ("value.{rest}", "v.{rest}"),
    ("out.{rest}", "proj_out.{rest}"),
)
_GATED_MLP = (
    ("mlp_norm.scale", "pre_mlp_norm.scale"),
    ("mlp.gate.weight", "mlp.wi_0.weight"),
    ("mlp.up.weight", "mlp.wi_1.weight"),
    ("mlp.down.weight", "mlp.wo.weight"),
)
_ENCODER_LAYER = (
    ("attention_norm.scale", "pre_attention_norm.scale"),
    ("attention.{rest}", "attention.{rest}"),
    *_GATED_MLP,
)
_DECODER_LAYER = (
    ("self_attention_norm.scale", "pre_self_attention_norm.scale"),
    ("self_attention.{rest}", "self_attention.{rest}"),
    ("cross_attention_norm.scale", "pre_cross_attention_norm.scale"),
    ("cross_attention.{rest}", "encoder_decoder_attention.{rest}"),
    *_GATED_MLP,
)
_RESAMPLER_LAYER = (
    ("attention_norm.scale", "pre_xattention_norm.scale"),
    ("attention.{rest}", "xattention.{rest}"),
    ("mlp_norm.scale", "pre_mlp_norm.scale"),
    ("mlp.up.weight", "mlp.wi.weight"),
    ("mlp.down.weight", "mlp.wo.weight"),
)


def _inside(ours: str, theirs: str, ends: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Rows of a block: both beginnings before each pair of ends."""
    return tuple((f"{ours}.{end}", f"{theirs}.{their_end}") for end, their_end in ends)


def _history(stream: str) -> tuple[tuple[str, str], ...]:
    ours, theirs = f"input_embedders.{stream}", f"input_embedders.{stream}"
    perceiver = f"{theirs}.resampler.perceiver"
    return (
        (f"{ours}.resampler.latents", f"{perceiver}.latents"),
        (f"{ours}.resampler.context_norm.scale", f"{perceiver}.context_norm.scale"),
        (f"{ours}.resampler.norm.scale", f"{perceiver}.perceiver_norm.scale"),
        *_inside(f"{ours}.resampler.layers.{{i}}", f"{perceiver}.layers_{{i}}", _RESAMPLER_LAYER),
        (f"{ours}.resampler.input_projection.weight", f"{theirs}.pre_projection.weight"),
        (f"{ours}.resampler.output_projection.weight", f"{theirs}.post_projection.weight"),
    )


def _codec_levels(half: str, level: str, resample: str) -> tuple[tuple[str, str], ...]:
    ours, theirs = f"image_codec.{half}", f"{_IMAGE_CODEC}.{half}"
    return (
        (f"{ours}.conv_in.{{rest}}", f"{theirs}.conv_in.{{rest}}"),
        *_inside(f"{ours}.levels.{{i}}.blocks.{{j}}", f"{theirs}.{level}_{{i}}_block_{{j}}", _RESIDUAL_BLOCK),
        *_inside(
            f"{ours}.levels.{{i}}.attentions.{{j}}", f"{theirs}.{level}_{{i}}_attn_{{j}}", _SPATIAL_ATTENTION
        ),
        (f"{ours}.levels.{{i}}.resample.{{rest}}", f"{theirs}.{level}_{{i}}_{resample}.{{rest}}"),
        *_inside(f"{ours}.middle.block_{{i}}", f"{theirs}.mid_block_{{i}}", _RESIDUAL_BLOCK),
        *_inside(f"{ours}.middle.attention", f"{theirs}.mid_attn_1", _SPATIAL_ATTENTION),
        (f"{ours}.norm_out.{{rest}}", f"{theirs}.norm_out.{{rest}}"),
        (f"{ours}.conv_out.{{rest}}", f"{theirs}.conv_out.{{rest}}"),
    )


def _codec_transformer(half: str) -> tuple[tuple[str, str], ...]:
    ours, theirs = f"audio_codec.{half}.transformer", f"{_AUDIO_CODEC}.{half}.transformer"
    return (
        *_inside(f"{ours}.blocks.{{i}}", f"{theirs}.encoderblock_{{i}}", _CODEC_BLOCK),
        (f"{ours}.norm.{{rest}}", f"{theirs}.encoder_norm.{{rest}}"),
    )


NAMES: tuple[tuple[str, str], ...] = (
    ("token_embedders.text.weight", "text_token_embedder.weight"),
    ("token_embedders.image.weight", "image_token_embedder.weight"),
    ("token_embedders.audio.weight", "audio_token_embedder.weight"),
    *(
        (f"{side}_embedders.{stream}.modality", f"{side}_embedders.{stream}.modality_embedding")
        for side, streams in (
            ("input", ("text", "image", "image_history", "audio", "audio_history")),
            ("target", ("text", "image", "audio")),
        )
        for stream in streams
    ),
    ("input_embedders.image.encoder.class_token", f"{_IMAGE}.class_embedding"),
    ("input_embedders.image.encoder.positions", f"{_IMAGE}.positional_embedding"),
    ("input_embedders.image.encoder.patch_embedding.{rest}", f"{_IMAGE}.embedding.{{rest}}"),
    ("input_embedders.image.encoder.pre_norm.{rest}", f"{_IMAGE}.pre_ln.{{rest}}"),
    *_inside(
        "input_embedders.image.encoder.blocks.{i}", f"{_IMAGE}.transformer.resblocks.{{i}}", _PATCH_BLOCK
    ),
    ("input_embedders.image.projection.weight", "input_embedders.image.projection.weight"),
    ("input_embedders.audio.encoder.class_token", f"{_AUDIO}.cls_token"),
    ("input_embedders.audio.encoder.distillation_token", f"{_AUDIO}.dist_token"),
    ("input_embedders.audio.encoder.positions", f"{_AUDIO}.positional_embedding"),
    ("input_embedders.audio.encoder.patch_embedding.{rest}", f"{_AUDIO}.embedding.{{rest}}"),
    *_inside(
        "input_embedders.audio.encoder.blocks.{i}", f"{_AUDIO}.transformer.resblocks.{{i}}", _PATCH_BLOCK
    ),
    ("input_embedders.audio.projection.weight", "input_embedders.audio.projection.weight"),
    *_history("image_history"),
    *_history("audio_history"),
    *_inside("encoder.layers.{i}", "encoder.layers_{i}", _ENCODER_LAYER),
    ("encoder.norm.scale", "encoder.encoder_norm.scale"),
    *_inside("decoder.layers.{i}", "decoder.layers_{i}", _DECODER_LAYER),
    ("decoder.norm.scale", "decoder.decoder_norm.scale"),
    *_codec_levels("encoder", "down", "downsample"),
    *_codec_levels("decoder", "up", "upsample"),
    ("image_codec.quant_conv.{rest}", f"{_IMAGE_CODEC}.quant_conv.{{rest}}"),
    ("image_codec.quantizer.{rest}", f"{_IMAGE_CODEC}.quantize.{{rest}}"),
    ("image_codec.post_quant_conv.{rest}", f"{_IMAGE_CODEC}.post_quant_conv.{{rest}}"),
    ("audio_codec.encoder.embedding.{rest}", f"{_AUDIO_CODEC}.encoder.embedding.{{rest}}"),
    *_codec_transformer("encoder"),
    ("audio_codec.encoder.projection.weight", f"{_AUDIO_CODEC}.encoder.encoder_proj.weight"),
    ("audio_codec.encoder.projection_norm.bias", f"{_AUDIO_CODEC}.encoder.encoder_norm.bias"),
    ("audio_codec.quantizer.{rest}", f"{_AUDIO_CODEC}.quantize.{{rest}}"),
    ("audio_codec.decoder.projection.weight", f"{_AUDIO_CODEC}.decoder.decoder_proj.weight"),
    *_codec_transformer("decoder"),
    ("audio_codec.decoder.conv_out.weight", f"{_AUDIO_CODEC}.decoder.conv_transpose.weight"),
)
"""(our pattern, the reference's pattern)."""


def to_reference(name: str) -> str:
    """The reference's name of our parameter. Raises ``WeightsError`` for a name outside the table."""
    return _translate(name, source=0)


def from_reference(name: str) -> str:
    """Our name of the reference's parameter. Raises ``WeightsError`` for a name outside the table."""
    return _translate(name, source=1)


def _translate(name: str, *, source: int) -> str:
    for pattern, template in _patterns(source):
        found = pattern.fullmatch(name)
        if found is not None:
            return template.format(**found.groupdict())
    side = ("our", "the reference's")[source]
    raise WeightsError(f"{name!r} is not in the table of {side} parameter names")


@cache
def _patterns(source: int) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each row as (expression of the source side, template of the other side)."""
    return tuple((_expression(row[source]), row[1 - source]) for row in NAMES)


def _expression(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern)
    for place in ("i", "j"):
        text = text.replace(rf"\{{{place}\}}", rf"(?P<{place}>\d+)")
    return re.compile(text.replace(r"\{rest\}", r"(?P<rest>.+)"))
