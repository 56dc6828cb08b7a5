"""The command line as a user meets it: arguments in; status, words and complaints out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from unio.cli.main import run_command_line


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``unio`` in this process with these arguments."""

    def run(*arguments: str | Path) -> Outcome:
        status = run_command_line([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture
def refused(command: Command) -> Callable[..., str]:
    """Run ``unio`` with arguments that it must refuse, and give the one line in which it does."""

    def run(*arguments: str | Path) -> str:
        outcome = command(*arguments)
        lines = outcome.err.splitlines()
        assert outcome.status == 2, outcome
        assert outcome.out == ""
        assert len(lines) == 1, outcome.err
        assert lines[0].startswith("unio: error: ")
        return lines[0].removeprefix("unio: error: ")

    return run


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of 40 x 60 (height x width)."""
    path = tmp_path / "picture.png"
    pixels = np.random.default_rng(3).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path
