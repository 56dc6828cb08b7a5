import pytest

from unio.core import ConfigError, validate_config
from unio.data.denoise import DenoiserConfig
from unio.schema import InputModality, TargetModality


def test_the_defaults_are_those_of_the_paper_where_it_has_any() -> None:
    config = DenoiserConfig()
    assert [(one.mean_length, one.density) for one in config.text.regular_spans] == [(3, 0.15), (8, 0.15)]
    assert [(one.mean_length, one.density) for one in config.text.extreme_spans] == [
        (3, 0.5),
        (8, 0.5),
        (64, 0.15),
        (64, 0.5),
    ]
    assert config.text.prefix[0] == 0.25
    assert config.keep_patches == 0.5


def test_values_come_from_plain_settings() -> None:
    values = {"targets": {"text": 2.0}, "keep": {"image": 0.5}, "image": {"hidden": [0.2, 0.4]}}
    config = validate_config(DenoiserConfig, values, where="test")
    assert config.targets == {TargetModality.TEXT: 2.0}
    assert config.keep == {InputModality.IMAGE: 0.5}
    assert config.image.hidden == (0.2, 0.4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"targets": {"text": 0.0}}, "weights of 0 or more, at least one above 0"),
        ({"targets": {"text": -1.0, "image": 2.0}}, "weights of 0 or more, at least one above 0"),
        ({"keep": {"image": 1.5}}, r"shares in \[0, 1\]"),
        ({"image": {"hidden": [0.9, 0.1]}}, r"two shares in \[0, 1\], the smaller first"),
        (
            {"text": {"sequential": 0, "regular": 0, "extreme": 0}},
            "at least one paradigm with a weight above 0",
        ),
    ],
)
def test_impossible_rates_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        validate_config(DenoiserConfig, values, where="test")
