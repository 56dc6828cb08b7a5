"""``unio data``: what a user's own data holds, before it is trained on."""

from pathlib import Path
from typing import Annotated

import typer

from unio.cli.data_fetch import fetch_command
from unio.cli.data_show import show_command
from unio.cli.data_stats import stats_command
from unio.cli.data_tasks import tasks_command
from unio.core import InputError

__all__ = ["check_command", "data"]

data = typer.Typer(help="Look at data before training on it.", rich_markup_mode=None)


@data.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction] - Typer calls it
    """Look at data before training on it."""


@data.command("check")
def check_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Conversations: a .jsonl, .json or .parquet file.")
    ],
    media: Annotated[
        Path | None,
        typer.Option("--media", metavar="DIR", help="Folder of its media; the file's own if left out."),
    ] = None,
) -> None:
    """List every line of a file that cannot be used, with its number and the reason.

    Exits with status 2 if there is one.
    """
    from unio.data.sources.conversations import find_problems

    count = 0
    for problem in find_problems(file, media=media):
        count += 1
        typer.echo(f"{problem.place}: {problem.reason}")
    if count:
        raise InputError(f"{count} unusable in {file}", fix="mend or remove them")
    typer.echo(f"{file}: every line can be used")


data.command("fetch")(fetch_command)
data.command("show")(show_command)
data.command("stats")(stats_command)
data.command("tasks")(tasks_command)
