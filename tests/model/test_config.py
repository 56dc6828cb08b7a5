from typing import Any

import pytest

from unio.core import ConfigError, validate_config
from unio.model import ModelConfig
from unio.schema import TargetModality


def change(config: ModelConfig, path: str, value: Any) -> ModelConfig:
    plain = config.model_dump()
    *parents, leaf = path.split(".")
    node = plain
    for part in parents:
        node = node[part]
    node[leaf] = value
    return validate_config(ModelConfig, plain, where="test")


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("geometry.image.target_size", 32, "image_codec.resolution differs from geometry.image.target_size"),
        ("geometry.image.code_stride", 8, "to another stride than geometry.image.code_stride"),
        ("geometry.audio.frames", 64, "audio_codec makes another grid of codes than geometry.audio"),
        ("image_vocab_rows", 21, "image_vocab_rows is fewer than image_codec.num_codes + 2"),
        ("audio_vocab_rows", 13, "audio_vocab_rows is fewer than audio_codec.num_codes + 2"),
        ("audio_target_rope_grid", (6, 5), "audio_target_rope_grid does not have a place for each"),
        ("image_encoder.positions", 5, "image_encoder.positions is not a square number"),
        ("audio_encoder.positions", 5, "audio_encoder.positions is fewer than the patches"),
        ("trunk.head_dim", 6, "'trunk.head_dim': got 6; expected Input should be a multiple of 4"),
    ],
)
def test_sizes_that_cannot_go_together_are_refused(
    tiny_config: ModelConfig, path: str, value: object, problem: str
):
    with pytest.raises(ConfigError, match=problem.replace("+", r"\+")):
        change(tiny_config, path, value)


def test_derived_sizes(tiny_config: ModelConfig):
    found = [
        (tiny_config.vocab_rows(name), tiny_config.target_length(name), tiny_config.target_rope_columns(name))
        for name in TargetModality
    ]
    assert found == [(50, 12, None), (23, 16, 4), (15, 24, 4)]


def test_json_round_trip(tiny_config: ModelConfig):
    assert ModelConfig.model_validate_json(tiny_config.model_dump_json()) == tiny_config
