import json
from pathlib import Path

import pytest

from unio.core import ConfigError
from unio.data.tasks import TASKS
from unio.infer.generation_defaults import (
    GENERATION_FILE,
    GenerationDefaults,
    read_generation_defaults,
    write_generation_defaults,
)
from unio.schema import DecodingOptions, TargetModality


def test_without_a_file_free_prompts_are_decoded_like_their_families(tmp_path: Path):
    found = read_generation_defaults(tmp_path)
    assert found.of(TargetModality.TEXT) == DecodingOptions(temperature=0.0)
    assert found.of(TargetModality.IMAGE) == TASKS.get("image_from_text").decoding
    assert found.of(TargetModality.AUDIO) == TASKS.get("audio_from_text").decoding


def test_what_is_written_is_read(tmp_path: Path):
    chosen = GenerationDefaults(text=DecodingOptions(temperature=0.5, top_p=0.9, max_tokens=7))
    write_generation_defaults(chosen, tmp_path)
    assert read_generation_defaults(tmp_path) == chosen


def test_a_foreign_key_or_a_bad_value_is_refused(tmp_path: Path):
    (tmp_path / GENERATION_FILE).write_text(json.dumps({"video": {}}))
    with pytest.raises(
        ConfigError, match=r"generation_config.json: unknown key 'video': expected one of text, im"
    ):
        read_generation_defaults(tmp_path)
    (tmp_path / GENERATION_FILE).write_text(json.dumps({"text": {"top_p": 3}}))
    with pytest.raises(ConfigError, match=r"bad value at 'text.top_p': got 3"):
        read_generation_defaults(tmp_path)
