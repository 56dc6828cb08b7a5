import pytest

from unio.codecs.vqgan_config import VQGANConfig
from unio.core import ConfigError, validate_config


def test_defaults_are_the_released_codec():
    config = VQGANConfig()

    assert (config.stride, config.grid, config.num_codes) == (8, (32, 32), 16384)
    assert config.level_channels == (128, 256, 256, 512)
    assert [config.has_attention(level) for level in range(4)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"resolution": 100}, "resolution must be a multiple of the stride 8"),
        ({"channels": 48}, "channels of every level must be multiples of num_groups 32"),
    ],
)
def test_sizes_that_cannot_go_together_are_refused(values: dict[str, int], message: str):
    with pytest.raises(ConfigError, match=message):
        validate_config(VQGANConfig, values, where="test")
