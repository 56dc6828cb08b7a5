import pytest

from unio.codecs.vit_vqgan_config import ViTVQGANConfig
from unio.core import ConfigError, validate_config


def test_defaults_are_the_released_codec():
    config = ViTVQGANConfig()

    assert config.grid == (16, 32)
    assert (config.encoder.dim, config.encoder.num_layers, config.decoder.mlp_dim) == (512, 8, 2048)
    assert (config.num_codes, config.code_dim) == (8192, 32)


@pytest.mark.parametrize("values", [{"frames": 250}, {"mels": 100}])
def test_sizes_that_cannot_go_together_are_refused(values: dict[str, int]):
    with pytest.raises(ConfigError, match="frames and mels must be multiples of patch_size 8"):
        validate_config(ViTVQGANConfig, values, where="test")
