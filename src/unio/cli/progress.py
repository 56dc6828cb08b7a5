"""The progress bar of the long commands, on standard error, gone when they are done."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

__all__ = ["show_progress"]


@contextmanager
def show_progress(total: int) -> Generator[Callable[[str, int], None]]:
    """Yield a function that takes (what is being done, steps done since the last call)."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        row = bar.add_task("starting", total=total)

        def advance(what: str, done: int) -> None:
            bar.update(row, description=what, advance=done)

        yield advance
