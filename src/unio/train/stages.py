"""A recipe of several runs, one after another: tokenizer, codecs, model, from one file."""

import time
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from unio.core import Config
from unio.train.log_file import append_line, read_log

__all__ = ["STAGE_LOG", "Stage", "StageLog", "StagesRun"]

STAGE_LOG = "stages.jsonl"


class Stage(Config):
    """One run of the recipe."""

    config: Path = Field(description="Its run file, beside the recipe's own.")
    overrides: tuple[str, ...] = Field(default=(), description="Settings in place of the file's: key=value.")
    more: tuple[str, ...] = Field(
        default=(), description="Further settings, for the command line: stages.NAME.more='[loop.steps=2]'."
    )


class StagesRun(Config):
    """Runs its stages in order; those that are done pass at once, one that was stopped goes on."""

    kind: Literal["stages"] = Field(description="What is trained: each stage says it.")
    out: Path = Field(description="Folder of stages.jsonl, with the minutes each stage took.")
    stages: dict[str, Stage] = Field(description="Stages by name, in order.")

    @field_validator("stages")
    @classmethod
    def _some(cls, stages: dict[str, Stage]) -> dict[str, Stage]:
        if not stages:
            raise ValueError("at least one stage")
        return stages


class StageLog:
    """Adds up the minutes of each stage over all pieces of the recipe, in ``stages.jsonl``."""

    def __init__(self, out: Path) -> None:
        self._path = out / STAGE_LOG
        self._started = time.monotonic()

    def start(self) -> None:
        """A stage begins."""
        self._started = time.monotonic()

    def finish(self, name: str, *, is_done: bool) -> str:
        """A stage ended, or was stopped: write its line; a sentence that says so."""
        minutes = (time.monotonic() - self._started) / 60
        line = {"stage": name, "minutes": round(minutes, 3), "is_done": is_done}
        append_line(self._path, line)
        ending = "done" if is_done else "stopped; the same command goes on"
        return f"stage {name}: {ending}, {minutes:.1f} minutes, {self.minutes:.1f} in all"

    @property
    def minutes(self) -> float:
        """Minutes of all stages, in all pieces."""
        return sum(float(line["minutes"]) for line in read_log(self._path))
