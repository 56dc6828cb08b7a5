"""Published checkpoints' ``config.json`` <-> `ModelConfig` (spec section 15)."""

import math
from collections.abc import Mapping
from typing import Any, Literal, cast

from unio.core import ConfigError, validate_config
from unio.model.config import ModelConfig
from unio.model.reference_layout import BOOKKEEPING, FIXED, IGNORED, LAYOUT_KEYS, SAME
from unio.nn.attention import AttentionKind

__all__ = ["config_from_reference", "config_to_reference"]

WHERE = "reference config.json"
RESAMPLERS = {"image_resampler": "image_history_cfg", "audio_resampler": "audio_history_cfg"}
ATTENTION_KINDS: Mapping[tuple[bool, bool], AttentionKind] = {
    (True, False): "query_key_norm",
    (False, True): "scaled_cosine",
    (False, False): "plain",
}
"""(QK norm, scaled cosine) -> kind."""
AUDIO_POSITIONS = 512
"""Rows of the AST's position table where the file does not say: 1024 x 128 in patches of 16."""


def config_from_reference(
    values: Mapping[str, Any],
    *,
    resampler_activation: Literal["gelu", "gelu_tanh"] = "gelu_tanh",
    audio_rows: int | None = None,
    where: str = WHERE,
) -> ModelConfig:
    """The configuration that a published ``config.json`` describes.

    The file says "gelu" for the resampler whatever its form, so the form is an argument: released
    weights were trained with tanh (spec section 13, 4). ``audio_rows`` is the length of the AST's
    position table, leading tokens included, for files that do not tell it; None is that of the releases.
    ``where`` names the file for messages. Raises ``ConfigError`` for a missing or foreign key, or a
    setting that no release has and this model does not offer.
    """
    try:
        return _read(values, resampler_activation=resampler_activation, audio_rows=audio_rows)
    except ConfigError as error:
        raise ConfigError(
            f"{where}: {error.what}", got=error.got, expected=error.expected, fix=error.fix
        ) from error


def config_to_reference(config: ModelConfig) -> dict[str, Any]:
    """The ``config.json`` of a published checkpoint with these sizes.

    Raises ``ConfigError`` for what the layout cannot say: other rotary multipliers than the
    reference's, or an audio target table other than (mel, time). The resampler's GELU form is lost.
    """
    _check_expressible(config)
    plain = config.model_dump(mode="json")
    result: dict[str, Any] = {
        name: dict(cast(dict[str, Any], value)) if isinstance(value, dict) else value
        for name, value in FIXED.items()
    }
    for ours, places in SAME.items():
        for theirs in places:
            _set(result, theirs, _get(plain, ours))
    for theirs, length in _lengths(config).items():
        _set(result, theirs, length)
    _set(result, "t5_config.qk_norm", config.trunk.attention == "query_key_norm")
    for ours, theirs in RESAMPLERS.items():
        for part in ("xattn", "attn"):
            _set(result, f"{theirs}.{part}_qk_norm", plain[ours]["attention"] == "query_key_norm")
            _set(result, f"{theirs}.{part}_scaled_cosine", plain[ours]["attention"] == "scaled_cosine")
        _set(result, f"{theirs}.xattention_index", list(range(plain[ours]["num_layers"])))
    _set(result, "image_vit_cfg.num_pos", config.image_encoder.positions + 1)
    if config.audio_encoder.positions != AUDIO_POSITIONS:
        _set(result, "audio_vit_cfg.num_pos", config.audio_encoder.positions + 2)
    return cast(dict[str, Any], _with_lists(result))


def _read(
    values: Mapping[str, Any],
    *,
    resampler_activation: Literal["gelu", "gelu_tanh"],
    audio_rows: int | None,
) -> ModelConfig:
    """`config_from_reference`, with messages that do not name the file."""
    _check_keys(values)
    _check_fixed(values, FIXED, path="")
    result: dict[str, Any] = {}
    for ours, (theirs, *_) in SAME.items():
        _set(result, ours, _get(values, theirs))
    _set(result, "trunk.attention", ATTENTION_KINDS[_flag(values, "t5_config.qk_norm"), False])
    for ours, theirs in RESAMPLERS.items():
        _set(result, f"{ours}.attention", _resampler_attention(values, theirs))
        _set(result, f"{ours}.activation", resampler_activation)
    _set(result, "image_encoder.positions", _number(values, "image_vit_cfg.num_pos") - 1)
    is_told = "num_pos" in values["audio_vit_cfg"]
    told = _number(values, "audio_vit_cfg.num_pos") if is_told else audio_rows
    _set(result, "audio_encoder.positions", AUDIO_POSITIONS if told is None else told - 2)
    codes, patches = (
        _number(values, f"t5_config.{side}_max_image_length") for side in ("decoder", "encoder")
    )
    result["image_rope_multiplier"] = result["audio_rope_multiplier"] = math.sqrt(codes / patches)
    result["image_codec"]["attention_resolutions"] = _attention_resolutions(values)
    mel, time = (
        _number(values, f"audio_vqgan.default_input_size.{axis}")
        // _number(values, f"audio_vqgan.patch_size.{axis}")
        for axis in (0, 1)
    )
    result["audio_target_rope_grid"] = (mel, time)
    return _validated(result)


def _resampler_attention(values: Mapping[str, Any], section: str) -> AttentionKind:
    layers = list(range(_number(values, f"{section}.num_layers")))
    crossing = _get(values, f"{section}.xattention_index")
    if crossing != layers:
        raise ConfigError(
            f"{section}.xattention_index leaves layers without cross-attention",
            got=crossing,
            expected=layers,
        )
    flags = (_flag(values, f"{section}.xattn_qk_norm"), _flag(values, f"{section}.xattn_scaled_cosine"))
    if flags not in ATTENTION_KINDS:
        raise ConfigError(f"{section} has both QK norm and scaled cosine", expected="one at most")
    return ATTENTION_KINDS[flags]


def _attention_resolutions(values: Mapping[str, Any]) -> list[int]:
    """Resolutions with attention, for pictures of the size that is used.

    The reference counts levels down from ``resolution``, whatever the size of its pictures.
    """
    nominal = _number(values, "image_vqgan.resolution")
    side = _number(values, "t5_config.default_image_size.0")
    count = len(_list(values, "image_vqgan.attn_resolutions"))
    found = [_number(values, f"image_vqgan.attn_resolutions.{place}") for place in range(count)]
    return [resolution * side // nominal for resolution in found]


def _lengths(config: ModelConfig) -> dict[str, int]:
    """Where the reference stores sequence lengths, which we derive from the geometry."""
    image, audio = config.geometry.image, config.geometry.audio
    patches, sound_patches = math.prod(image.input_grid), math.prod(audio.input_grid)
    return {
        "t5_config.encoder_max_image_length": patches,
        "t5_config.encoder_max_audio_length": sound_patches,
        "t5_config.decoder_max_image_length": config.image_target_length,
        "t5_config.decoder_max_audio_length": config.audio_target_length,
        "sequence_length.image_input_samples": patches,
        "sequence_length.image_history_input_samples": math.prod(image.history_grid),
        "sequence_length.audio_input_samples": sound_patches,
        "sequence_length.audio_history_input_samples": sound_patches,
    }


def _check_expressible(config: ModelConfig) -> None:
    stretch = math.sqrt(config.image_target_length / math.prod(config.geometry.image.input_grid))
    multipliers = (config.image_rope_multiplier, config.audio_rope_multiplier)
    if not all(math.isclose(multiplier, stretch) for multiplier in multipliers):
        raise ConfigError(
            "the reference's layout has one rotary multiplier for image and audio",
            got=multipliers,
            expected=stretch,
        )
    mel_time = config.geometry.audio.code_grid[::-1]
    if config.audio_target_rope_grid != mel_time:
        raise ConfigError(
            "the reference's audio target table is (mel, time)",
            got=config.audio_target_rope_grid,
            expected=mel_time,
        )


def _check_keys(values: Mapping[str, Any]) -> None:
    """Refuse keys that no published file has: what they ask for would be passed over in silence."""
    for key, value in values.items():
        if key in BOOKKEEPING:
            continue
        if key not in LAYOUT_KEYS:
            raise ConfigError(f"unknown key {key!r}", expected=f"one of {', '.join(LAYOUT_KEYS)}")
        known = LAYOUT_KEYS[key]
        if known and not isinstance(value, dict):
            raise ConfigError(f"bad value at {key!r}", got=repr(value)[:80], expected="a mapping")
        foreign = [name for name in cast(dict[str, Any], value) if name not in known] if known else []
        if foreign:
            raise ConfigError(f"unknown key {f'{key}.{foreign[0]}'!r}", fix="remove or rename the key")
    missing = next((key for key, known in LAYOUT_KEYS.items() if known and key not in values), None)
    if missing is not None:
        raise ConfigError(f"missing key {missing!r}")


def _check_fixed(values: Mapping[str, Any], fixed: Mapping[str, Any], *, path: str) -> None:
    for key, expected in fixed.items():
        if key in IGNORED or key not in values:
            continue
        where, found = f"{path}{key}", values[key]
        if isinstance(expected, dict):
            _check_fixed(cast(Mapping[str, Any], found), cast(dict[str, Any], expected), path=f"{where}.")
        elif found != expected:
            raise ConfigError(f"{where} is not supported", got=repr(found), expected=repr(expected))


def _get(values: Mapping[str, Any], path: str) -> Any:
    node: Any = values
    for part in path.split("."):
        try:
            node = node[int(part)] if part.isdigit() else node[part]
        except (KeyError, IndexError, TypeError):
            raise ConfigError(f"missing key {path!r}") from None
    return node


def _number(values: Mapping[str, Any], path: str) -> int:
    """A size, with which one can reckon."""
    found = _get(values, path)
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise ConfigError(f"bad value at {path!r}", got=repr(found)[:80], expected="a whole number above 0")
    return found


def _flag(values: Mapping[str, Any], path: str) -> bool:
    found = _get(values, path)
    if not isinstance(found, bool):
        raise ConfigError(f"bad value at {path!r}", got=repr(found)[:80], expected="true or false")
    return found


def _list(values: Mapping[str, Any], path: str) -> list[Any]:
    found = _get(values, path)
    if not isinstance(found, list):
        raise ConfigError(f"bad value at {path!r}", got=repr(found)[:80], expected="a list")
    return cast(list[Any], found)


def _validated(result: Mapping[str, Any]) -> ModelConfig:
    """The configuration; a bad value is told by our name of it."""
    return validate_config(ModelConfig, result, where="the settings read from it")


def _set(values: dict[str, Any], path: str, value: Any) -> None:
    *parents, leaf = path.split(".")
    node = values
    for part in parents:
        node = cast(dict[str, Any], node.setdefault(part, {}))
    node[leaf] = value


def _with_lists(node: Any) -> Any:
    """``node`` with every mapping keyed "0", "1", .. turned into a list."""
    if not isinstance(node, dict):
        return node
    items = {key: _with_lists(value) for key, value in cast(dict[str, Any], node).items()}
    is_list = bool(items) and all(key.isdigit() for key in items)
    return [items[str(index)] for index in range(len(items))] if is_list else items
