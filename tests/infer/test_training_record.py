import json
from pathlib import Path

import pytest

import unio
from unio.core import ConfigError
from unio.infer import model_folder
from unio.infer.training_record import (
    TRAINING_FILE,
    TrainingRecord,
    read_training_record,
    write_training_record,
)


def test_a_folder_without_the_file_says_nothing(tmp_path: Path):
    assert read_training_record(tmp_path) is None


def test_what_is_written_is_read(tmp_path: Path):
    record = TrainingRecord(families=("sort", "vqa", "of a newer version"))
    write_training_record(record, tmp_path)
    assert read_training_record(tmp_path) == record


def test_a_foreign_key_or_a_bad_value_is_refused(tmp_path: Path):
    (tmp_path / TRAINING_FILE).write_text(json.dumps({"families": ["sort"], "steps": 3}))
    with pytest.raises(ConfigError, match=r"training.json: unknown key 'steps'"):
        read_training_record(tmp_path)
    (tmp_path / TRAINING_FILE).write_text(json.dumps({"families": 3}))
    with pytest.raises(ConfigError, match=r"training.json: bad value at 'families': got 3"):
        read_training_record(tmp_path)


def test_a_saved_predictor_takes_its_record_along(tiny_model_folder: Path, tmp_path: Path):
    predictor = unio.load(tiny_model_folder, device="cpu")
    assert predictor.trained_on is None
    predictor.trained_on = TrainingRecord(families=("sort",))
    again = unio.load(predictor.save_pretrained(tmp_path), device="cpu")
    assert again.trained_on == TrainingRecord(families=("sort",))


def test_nano_tells_the_families_of_its_recipe():
    folder = model_folder("unio-nano")
    record = read_training_record(folder)
    assert record is not None
    recipe = (folder / "README.md").read_text().partition("\nTasks: ")[2].partition(".\n")[0]
    assert {part.split()[0] for part in recipe.split(", ")} == set(record.families)
