import json
from pathlib import Path

import pytest

from unio.core import ConfigError
from unio.infer.preprocessing import (
    PREPROCESSING_FILE,
    check_preprocessing,
    preprocessing,
    write_preprocessing,
)
from unio.schema import Geometry

GEOMETRY = Geometry()


def test_the_released_models_settings():
    told = preprocessing(GEOMETRY)
    assert told["image"]["mean"] == pytest.approx([0.48145466, 0.4578275, 0.40821073], abs=2e-8)
    assert (told["image"]["input_size"], told["audio"]["hop"], told["audio"]["input_std"]) == (384, 256, 9.14)


def test_what_is_written_passes(tmp_path: Path):
    check_preprocessing(tmp_path, GEOMETRY)
    write_preprocessing(GEOMETRY, tmp_path)
    check_preprocessing(tmp_path, GEOMETRY)


@pytest.mark.parametrize(
    ("section", "key", "value", "message"),
    [
        (
            "image",
            "mean",
            [0.5, 0.5, 0.5],
            r"otherwise than image.mean says: got \[0.5, 0.5, 0.5\]; expected \[0.48",
        ),
        (
            "audio",
            "mel_scale",
            "htk",
            "otherwise than audio.mel_scale says: got 'htk'; expected 'slaney'; fix",
        ),
    ],
)
def test_another_preparation_is_refused(tmp_path: Path, section: str, key: str, value: object, message: str):
    told = preprocessing(GEOMETRY)
    told[section][key] = value
    (tmp_path / PREPROCESSING_FILE).write_text(json.dumps(told))
    with pytest.raises(ConfigError, match=message):
        check_preprocessing(tmp_path, GEOMETRY)


def test_a_file_of_another_kind_is_refused(tmp_path: Path):
    (tmp_path / PREPROCESSING_FILE).write_text(json.dumps({"image": 3}))
    with pytest.raises(ConfigError, match=r"otherwise than image.input_size says: got None; expected 384"):
        check_preprocessing(tmp_path, GEOMETRY)
