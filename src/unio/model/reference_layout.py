"""The layout of a published ``config.json`` as data (spec section 15); `reference_config` reads it.

Paths are dotted; a number is a place in a list.
"""

from collections.abc import Mapping
from typing import Any, cast

__all__ = ["BOOKKEEPING", "FIXED", "IGNORED", "LAYOUT_KEYS", "SAME"]

SAME: Mapping[str, tuple[str, ...]] = {
    "geometry.image.input_size": (
        "t5_config.default_image_vit_size.0",
        "t5_config.default_image_vit_size.1",
    ),
    "geometry.image.history_size": (
        "t5_config.default_image_history_vit_size.0",
        "t5_config.default_image_history_vit_size.1",
        "image_vit_cfg.default_input_size.0",
        "image_vit_cfg.default_input_size.1",
    ),
    "geometry.image.target_size": (
        "t5_config.default_image_size.0",
        "t5_config.default_image_size.1",
        "image_vqgan.default_input_size.0",
        "image_vqgan.default_input_size.1",
    ),
    "geometry.image.patch_size": (
        "t5_config.image_vit_patch_size",
        "t5_config.image_patch_size",
        "image_vit_cfg.patch_size",
        "image_vit_cfg.pos_patch_size",
    ),
    "geometry.image.code_stride": ("image_vqgan.patch_size.0", "image_vqgan.patch_size.1"),
    "geometry.image.history_frames": ("sequence_length.num_frames",),
    "geometry.image.history_latents": ("image_history_cfg.latents_size",),
    "geometry.image.history_rope_frames": ("image_history_cfg.max_frames",),
    "geometry.audio.frames": (
        "t5_config.default_audio_vit_size.0",
        "t5_config.default_audio_history_vit_size.0",
        "t5_config.default_audio_size.0",
        "audio_vit_cfg.default_input_size.0",
    ),
    "geometry.audio.mels": (
        "t5_config.default_audio_vit_size.1",
        "t5_config.default_audio_history_vit_size.1",
        "t5_config.default_audio_size.1",
        "audio_vit_cfg.default_input_size.1",
    ),
    "geometry.audio.patch_size": (
        "t5_config.audio_vit_patch_size",
        "t5_config.audio_patch_size",
        "audio_vit_cfg.patch_size",
        "audio_vit_cfg.pos_patch_size",
    ),
    "geometry.audio.code_patch": ("audio_vqgan.patch_size.0", "audio_vqgan.patch_size.1"),
    "geometry.audio.history_segments": ("sequence_length.num_frames",),
    "geometry.audio.history_latents": ("audio_history_cfg.latents_size",),
    "geometry.audio.history_rope_frames": ("audio_history_cfg.max_frames",),
    "geometry.text_length": ("t5_config.encoder_max_text_length", "t5_config.decoder_max_text_length"),
    "trunk.dim": ("t5_config.emb_dim",),
    "trunk.num_heads": ("t5_config.num_heads",),
    "trunk.head_dim": ("t5_config.head_dim",),
    "trunk.mlp_dim": ("t5_config.mlp_dim",),
    "trunk.encoder_layers": ("t5_config.num_encoder_layers",),
    "trunk.decoder_layers": ("t5_config.num_decoder_layers",),
    "text_vocab_rows": ("t5_config.vocab_size",),
    "image_vocab_rows": ("t5_config.image_vocab_size",),
    "audio_vocab_rows": ("t5_config.audio_vocab_size",),
    **{
        f"{ours}.{field}": (f"{theirs}.{name}",)
        for ours, theirs in (
            ("image_encoder", "image_vit_cfg"),
            ("audio_encoder", "audio_vit_cfg"),
            ("image_resampler", "image_history_cfg"),
            ("audio_resampler", "audio_history_cfg"),
        )
        for field, name in (
            ("dim", "emb_dim"),
            ("num_heads", "num_heads"),
            ("head_dim", "head_dim"),
            ("num_layers", "num_layers"),
            ("mlp_dim", "mlp_dim"),
        )
    },
    "image_codec.resolution": ("t5_config.default_image_size.0", "image_vqgan.resolution"),
    "image_codec.channels": ("image_vqgan.ch",),
    "image_codec.channel_multipliers": ("image_vqgan.ch_mult",),
    "image_codec.num_residual_blocks": ("image_vqgan.num_res_blocks",),
    "image_codec.attention_resolutions": ("image_vqgan.attn_resolutions",),
    "image_codec.latent_channels": ("image_vqgan.z_channels",),
    "image_codec.code_dim": ("image_vqgan.embed_dim",),
    "image_codec.num_codes": ("image_vqgan.n_embed",),
    "audio_codec.mels": ("audio_vqgan.default_input_size.0",),
    "audio_codec.frames": ("audio_vqgan.default_input_size.1",),
    "audio_codec.patch_size": ("audio_vqgan.patch_size.0",),
    "audio_codec.code_dim": ("audio_vqgan.proj_dim",),
    "audio_codec.num_codes": ("audio_vqgan.vocab_size",),
    **{
        f"audio_codec.{half}.{field}": (f"audio_vqgan.{half}_{name}",)
        for half in ("encoder", "decoder")
        for field, name in (
            ("dim", "hidden_size"),
            ("num_layers", "num_layers"),
            ("num_heads", "num_heads"),
            ("head_dim", "head_dim"),
            ("mlp_dim", "mlp_dim"),
        )
    },
}
"""Field of `ModelConfig` -> where the reference keeps it; the first place is read, all are written."""

_NO_DROPOUT = {"dropout_rate": 0.0, "droppath_rate": 0.0}
_STREAMS = ["text", "image", "image_history", "audio", "audio_history"]

_RESAMPLER = {
    **_NO_DROPOUT,
    "resampler_type": "perceiver",
    "mlp_activations": ["gelu"],
    "dropout_broadcast_dims": [-2],
    "layer_drop": 0.0,
    "float32_attention_logits": True,
    "clip_attn_logit": None,
}
_PATCH_ENCODER = {
    "mlp_activations": ["gelu"],
    "dropout_rate": 0.0,
    "dropout_broadcast_dims": [],
    "float32_attention_logits": True,
}

FIXED: Mapping[str, Any] = {
    "t5_config": {
        "mlp_activations": ["silu", "linear"],
        "dropout_rate": 0.0,
        "dropout_broadcast_dims": [-2],
        "logits_via_embedding": True,
        "float32_attention_logits": True,
        "decoder_xattention_internval": 1,
        "dalle_attn_mask": True,
        "dynamic_unk_mask": True,
        **{f"{stream}_pos_emb": "llama_rope" for stream in _STREAMS},
        "image_tokenizer_type": "vqgan",
    },
    "image_history_cfg": _RESAMPLER,
    "audio_history_cfg": _RESAMPLER,
    "freeze_vit": True,
    "input_modalities": _STREAMS,
    "target_modalities": ["text", "image", "audio"],
    "sequence_length": {"is_training": True},
    "image_vqgan": {"double_z": False, "in_channels": 3, "out_ch": 3, "dropout": 0, "checkpoint_path": ""},
    "audio_vqgan": {
        **_NO_DROPOUT,
        "attention_dropout_rate": 0.0,
        "use_bias": False,
        "act_fn": "relu",
        "output_channel": 1,
        "checkpoint_path": "",
        "use_decoder": True,
    },
    "image_vit_cfg": _PATCH_ENCODER,
    "audio_vit_cfg": {**_PATCH_ENCODER, "vit_embed": True, "transpose_input": True},
    "use_image_vit": True,
    "use_audio_vit": True,
    "use_image_history_vit": True,
    "use_audio_history_vit": True,
}
"""What every release says alike: written as it is, and refused if a file says otherwise."""

IGNORED = frozenset(
    {
        "freeze_vit",
        "is_training",
        "checkpoint_path",
        "dalle_attn_mask",
        "dynamic_unk_mask",
        "dropout",
        "dropout_rate",
        "dropout_broadcast_dims",
        "droppath_rate",
        "layer_drop",
        "attention_dropout_rate",
        "float32_attention_logits",
        "image_tokenizer_type",
    }
)
"""Fixed keys that change nothing here, by their last part: training settings, masks never applied."""

_OTHER = (
    "t5_config.qk_norm",
    *(
        f"t5_config.{side}_max_{stream}_length"
        for side, streams in (("encoder", ("image", "audio")), ("decoder", ("image", "audio")))
        for stream in streams
    ),
    *(
        f"{section}.{key}"
        for section in ("image_history_cfg", "audio_history_cfg")
        for key in (
            "xattention_index",
            *(f"{part}_{kind}" for part in ("xattn", "attn") for kind in ("qk_norm", "scaled_cosine")),
        )
    ),
    *(
        f"sequence_length.{stream}_input_samples"
        for stream in ("image", "image_history", "audio", "audio_history")
    ),
    "image_vit_cfg.num_pos",
    "audio_vit_cfg.num_pos",
)
"""Keys that `reference_config` reads or writes by hand."""


def _layout_keys() -> dict[str, frozenset[str]]:
    keys: dict[str, set[str]] = {
        name: set(cast(dict[str, Any], value)) if isinstance(value, dict) else set()
        for name, value in FIXED.items()
    }
    for path in (*_OTHER, *(place for places in SAME.values() for place in places)):
        section, key, *_ = path.split(".")
        keys.setdefault(section, set()).add(key)
    return {section: frozenset(names) for section, names in keys.items()}


LAYOUT_KEYS: Mapping[str, frozenset[str]] = _layout_keys()
"""Key of a published file -> the keys of that section, none for a plain value."""

BOOKKEEPING = frozenset(
    {"_name_or_path", "architectures", "dtype", "model_type", "torch_dtype", "transformers_version"}
)
"""Keys that tools write beside a model's settings and that say nothing about it."""
