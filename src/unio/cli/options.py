"""Options that several commands share, worded once."""

from pathlib import Path
from typing import Annotated

import typer

from unio.core import InputError

__all__ = ["DEFAULT_MODEL", "AsJson", "Model", "Seed", "SplitName", "prepare_folder"]

DEFAULT_MODEL = "unio-nano"

Model = Annotated[
    str, typer.Option("--model", metavar="NAME", help="A bundled model's name, or a folder that holds one.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Same seed, same result.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of words.")]
SplitName = Annotated[
    str, typer.Option("--split", metavar="NAME", help="test (unseen scenes) or novel (unseen combinations).")
]


def prepare_folder(folder: Path) -> Path:
    """Make ``folder`` if need be, before any long work is begun. Raises `InputError` if it cannot be one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".unio-probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(
            f"cannot write into {folder}", got=error.strerror, expected="a folder, or a place for one"
        ) from error
    return folder
