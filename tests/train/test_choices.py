import pytest

from unio.core import ConfigError
from unio.train.choices import ModelChoice, SourceConfig, make_source, merge


def test_changes_are_laid_over_section_by_section() -> None:
    assert merge({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 5}, "d": {"e": 6}}) == {
        "a": {"b": 5, "c": 2},
        "d": {"e": 6},
    }


def test_a_preset_is_resolved_with_changes_and_derived_fields() -> None:
    choice = ModelChoice(preset="nano", changes={"trunk": {"encoder_layers": 2}, "text_vocab_rows": 512})
    config = choice.resolve(text_vocab_rows=640)
    assert config.trunk.encoder_layers == 2
    assert config.trunk.dim == 256
    assert config.text_vocab_rows == 640


def test_mistakes_are_told() -> None:
    with pytest.raises(ConfigError, match="unknown model preset: got 'nanoo'"):
        ModelChoice(preset="nanoo").resolve()
    with pytest.raises(ConfigError, match=r"model preset 'nano': unknown key 'trunk\.width'"):
        ModelChoice(preset="nano", changes={"trunk": {"width": 3}}).resolve()


def test_the_playroom_is_a_source() -> None:
    source = make_source(SourceConfig(split="test"))
    assert source.example("sort", 0, 3).task == "sort"
