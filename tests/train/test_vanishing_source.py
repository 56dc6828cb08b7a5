"""A disk with the data on it that goes away in the middle of a run, and comes back."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from unio.core import InputError
from unio.data.sources.playroom import PlayroomSource
from unio.schema import Example
from unio.train import read_run, train_model
from unio.train.checkpoint import checkpoint_folders
from unio.train.model_config import ModelRun

CONFIG = Path(__file__).parents[2] / "configs" / "nano" / "model.yaml"


@dataclass(frozen=True)
class Disk:
    """The playroom, as long as ``file`` is there; it is gone after ``lasts`` examples."""

    file: Path
    lasts: int
    given: list[int] = field(default_factory=list)

    def example(self, task: str, seed: int, index: int) -> Example:
        if len(self.given) == self.lasts:
            self.file.unlink(missing_ok=True)
        self.file.read_bytes()
        self.given.append(index)
        return PlayroomSource(split="train").example(task, seed, index)


def test_what_was_learnt_is_saved_and_the_run_goes_on_when_the_data_are_back(
    tiny_model_folder: Path, tmp_path: Path
) -> None:
    run = read_run(
        CONFIG,
        [
            f"out={tmp_path}/run",
            f"start={tiny_model_folder}",
            *("model=null", "tokenizer=null", "image_codec=null", "audio_codec=null"),
            "mixture={weights: {sort: 1}}",
            "batch={text: 2, image: 0, audio: 0, multiple: 4}",
            "loader.workers=0",
            "loop={steps: 3, log_every: 1}",
        ],
    )
    assert isinstance(run, ModelRun)
    file = tmp_path / "data"
    file.touch()
    told = r"8 examples in a row are broken: got .*task 'sort'.*FileNotFoundError.*; fix: repair the source"
    with pytest.raises(InputError, match=told):
        train_model(run, source=Disk(file, lasts=4))
    (kept,) = checkpoint_folders(tmp_path / "run" / "checkpoints")
    assert kept.name == "step-00000002"
    file.touch()
    assert train_model(run, source=Disk(file, lasts=1000))
