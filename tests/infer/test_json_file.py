from pathlib import Path

import pytest

from unio.core import ConfigError
from unio.infer.json_file import read_settings, write_settings


def test_round_trip(tmp_path: Path):
    write_settings(tmp_path / "one.json", {"a": [1, 2.5], "b": {"c": None}})
    assert read_settings(tmp_path / "one.json") == {"a": [1, 2.5], "b": {"c": None}}


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "one.json is not valid JSON: got"), ("[]", "one.json holds no mapping: got list")],
)
def test_unusable_files(tmp_path: Path, content: str, message: str):
    (tmp_path / "one.json").write_text(content)
    with pytest.raises(ConfigError, match=message):
        read_settings(tmp_path / "one.json")
    with pytest.raises(ConfigError, match=r"cannot read .*two.json: got No such file"):
        read_settings(tmp_path / "two.json")
