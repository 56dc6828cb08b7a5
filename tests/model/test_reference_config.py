import json
from pathlib import Path
from typing import Any

import pytest

from unio.core import ConfigError
from unio.model import ModelConfig, config_from_reference, config_to_reference, preset

DATA = Path(__file__).parents[1] / "conformance" / "data"


@pytest.fixture
def large() -> dict[str, Any]:
    return json.loads((DATA / "reference_config_large.json").read_text())


def test_large_is_the_preset_both_ways(large: dict[str, Any]):
    assert config_from_reference(large) == preset("large")
    assert config_to_reference(preset("large")) == large


@pytest.mark.parametrize("name", ["xl", "xxl"])
def test_presets_survive_the_round_trip(name: str):
    assert config_from_reference(config_to_reference(preset(name))) == preset(name)


@pytest.mark.parametrize("case", ["qknorm", "cosine"])
def test_fixtures_survive_the_round_trip(case: str):
    described = json.loads((DATA / f"config_{case}.json").read_text())["config"]
    config = config_from_reference(described, resampler_activation="gelu")
    assert config.image_resampler.activation == "gelu"
    assert config_to_reference(config) == described


def test_codec_attention_follows_the_pictures_size(large: dict[str, Any]):
    large["t5_config"]["default_image_size"] = [128, 128]
    large["t5_config"]["decoder_max_image_length"] = 256
    config = config_from_reference(large)
    assert (config.image_codec.resolution, config.image_codec.attention_resolutions) == (128, (16,))
    assert config.image_rope_multiplier == 2 / 3


def test_another_audio_table_is_read_where_it_is_told(large: dict[str, Any]):
    large["audio_vit_cfg"]["num_pos"] = 200
    config = config_from_reference(large)
    assert config.audio_encoder.positions == 198
    assert config_to_reference(config)["audio_vit_cfg"]["num_pos"] == 200


def test_settings_that_change_nothing_may_differ(large: dict[str, Any]):
    large["t5_config"].update(dropout_rate=0.1, dalle_attn_mask=False)
    large["freeze_vit"] = False
    assert config_from_reference(large) == preset("large")


@pytest.mark.parametrize(
    ("section", "key", "value", "message"),
    [
        (
            "t5_config",
            "mlp_activations",
            ["gelu"],
            r"mlp_activations is not supported: got \['gelu'\]",
        ),
        ("audio_vqgan", "act_fn", "gelu", "audio_vqgan.act_fn is not supported: got 'gelu'; expected 'relu'"),
        ("image_history_cfg", "xattention_index", [0], "xattention_index leaves layers without"),
        ("image_history_cfg", "xattn_scaled_cosine", True, "both QK norm and scaled cosine"),
        ("t5_config", "head_dim", "wide", "bad value at 'trunk.head_dim': got 'wide'"),
    ],
)
def test_what_the_model_does_not_offer_is_refused(
    large: dict[str, Any], section: str, key: str, value: object, message: str
):
    large[section][key] = value
    with pytest.raises(ConfigError, match=message):
        config_from_reference(large)


def test_a_missing_key_is_named(large: dict[str, Any]):
    del large["t5_config"]["emb_dim"]
    with pytest.raises(ConfigError, match=r"missing key 't5_config.emb_dim'"):
        config_from_reference(large)


def test_what_the_layout_cannot_say_is_refused():
    with pytest.raises(ConfigError, match=r"one rotary multiplier .*: got \(1.5, 2.0\); expected 1.5"):
        config_to_reference(preset("nano"))
    plain = preset("large").model_dump()
    right = ModelConfig.model_validate({**plain, "audio_target_rope_grid": (32, 16)})
    with pytest.raises(ConfigError, match=r"table is \(mel, time\): got \(32, 16\); expected \(16, 32\)"):
        config_to_reference(right)
