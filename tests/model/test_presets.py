import pytest

from unio.core import ConfigError
from unio.model import NANO_GEOMETRY, PRESETS, UnifiedIO, preset


def test_names():
    assert PRESETS.names() == ["large", "xl", "xxl", "nano"]
    with pytest.raises(ConfigError, match=r"unknown model preset: got 'xlarge'; expected one of .*large"):
        preset("xlarge")


@pytest.mark.parametrize(("name", "billions"), [("large", 1.081), ("xl", 3.175), ("xxl", 6.864)])
def test_released_sizes(name: str, billions: float):
    parameters = sum(parameter.numel() for parameter in UnifiedIO(preset(name)).parameters())
    assert round(parameters / 1e9, 3) == billions


def test_released_models_have_the_transposed_audio_table_and_nano_has_not():
    assert [preset(name).audio_target_rope_grid for name in PRESETS.names()] == [(16, 32)] * 3 + [(16, 8)]


def test_only_xxl_resamples_with_scaled_cosine():
    kinds = [preset(name).image_resampler.attention for name in PRESETS.names()]
    assert kinds == ["query_key_norm", "query_key_norm", "scaled_cosine", "query_key_norm"]


def test_nano_fits_its_asset_budget_in_bfloat16():
    assert preset("nano").geometry == NANO_GEOMETRY
    parameters = sum(parameter.numel() for parameter in UnifiedIO(preset("nano")).parameters())
    assert 2 * parameters < 60e6
