"""How a model's answers are decoded where the user does not say, kept beside it (spec section 14)."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from unio.core import Config, validate_config
from unio.data.tasks import TASKS, Task
from unio.infer.json_file import read_settings, write_settings
from unio.schema import DecodingOptions, TargetModality

__all__ = ["GENERATION_FILE", "GenerationDefaults", "read_generation_defaults", "write_generation_defaults"]

GENERATION_FILE = "generation_config.json"


class GenerationDefaults(Config):
    """Decoding of a free prompt, by what it asks for, and of tasks where it is not the task's own."""

    text: DecodingOptions = Field(
        default_factory=lambda: DecodingOptions(temperature=0.0), description="Decoding of texts."
    )
    image: DecodingOptions = Field(
        default_factory=lambda: TASKS.get("image_from_text").decoding,
        description="Decoding of pictures; guidance is left out where media are given.",
    )
    audio: DecodingOptions = Field(
        default_factory=lambda: TASKS.get("audio_from_text").decoding,
        description="Decoding of sounds; guidance is left out where media are given.",
    )
    tasks: Mapping[str, DecodingOptions] = Field(
        default_factory=dict[str, DecodingOptions],
        description="Decoding of registered tasks by name, where this model wants another than their own.",
    )

    def of(self, modality: TargetModality) -> DecodingOptions:
        """The options of one target modality."""
        match modality:
            case TargetModality.TEXT:
                return self.text
            case TargetModality.IMAGE:
                return self.image
            case TargetModality.AUDIO:
                return self.audio

    def of_task(self, family: Task) -> DecodingOptions:
        """The options of a registered task: this model's, else the task's own."""
        return self.tasks.get(family.name, family.decoding)


def read_generation_defaults(folder: Path) -> GenerationDefaults:
    """Those of a model's folder, or the general ones where it has none.

    Raises ``ConfigError`` for a file with an unknown key or a bad value.
    """
    path = folder / GENERATION_FILE
    if not path.is_file():
        return GenerationDefaults()
    return validate_config(GenerationDefaults, read_settings(path), where=str(path))


def write_generation_defaults(defaults: GenerationDefaults, folder: Path) -> None:
    """Write them into a model's folder."""
    write_settings(folder / GENERATION_FILE, defaults.model_dump(mode="json"))
