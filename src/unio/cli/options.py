"""Options that several commands share, worded once."""

import os
from pathlib import Path
from typing import Annotated

import typer

from unio.core import InputError

__all__ = ["DEFAULT_MODEL", "AsJson", "Model", "Seed", "SplitName", "check_folder"]

DEFAULT_MODEL = "unio-nano"

Model = Annotated[
    str,
    typer.Option("--model", metavar="NAME", help="A bundled model's name, a folder, or a name on the hub."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Same seed, same result.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of words.")]
SplitName = Annotated[
    str, typer.Option("--split", metavar="NAME", help="test (unseen scenes) or novel (unseen combinations).")
]


def check_folder(folder: Path) -> Path:
    """``folder`` itself, if files could be written there; told before any long work is begun.

    Nothing is made yet, so that a command that fails later leaves nothing behind. Raises `InputError`
    where it, or the nearest folder above it that is there, is no folder or is locked.
    """
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise InputError(
            f"cannot write into {folder}",
            got=f"{nearest} is {'locked' if nearest.is_dir() else 'a file'}",
            expected="a folder, or a place for one",
        )
    return folder
