"""``unio train``: tokenizer, codecs or model, from a YAML file."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["train"]


def train(
    config: Annotated[
        Path, typer.Argument(metavar="CONFIG", help="A run file, such as configs/nano/model.yaml.")
    ],
    overrides: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY=VALUE", help="Settings in place of the file's: loop.steps=200."),
    ] = None,
) -> None:
    """Train what a run file describes; the same command goes on where a stopped run left off."""
    from unio.train import run

    run(config, overrides or [])
