"""What a model was trained on, kept beside its weights: a default asks it nothing that it never learned.

The file is written with every exported model, and may be written by hand for one that lacks it::

    training.json    {"families": ["caption", "vqa"]}
"""

from pathlib import Path

from pydantic import Field

from unio.core import Config, validate_config
from unio.infer.json_file import read_settings, write_settings

__all__ = ["TRAINING_FILE", "TrainingRecord", "read_training_record", "write_training_record"]

TRAINING_FILE = "training.json"


class TrainingRecord(Config):
    """What is known of a model's training."""

    families: tuple[str, ...] = Field(description="Names of the task families it was trained on.")


def read_training_record(folder: Path) -> TrainingRecord | None:
    """That of a model's folder; None where it has none, as models of others and older ones do.

    Raises ``ConfigError`` for a file with an unknown key or a bad value. Families that this version of
    unio does not know are no error: the model may come from a newer one.
    """
    path = folder / TRAINING_FILE
    if not path.is_file():
        return None
    return validate_config(TrainingRecord, read_settings(path), where=str(path))


def write_training_record(record: TrainingRecord, folder: Path) -> None:
    """Write it into a model's folder."""
    write_settings(folder / TRAINING_FILE, record.model_dump(mode="json"))
