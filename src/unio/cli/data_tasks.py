"""``unio data tasks``: every family with the data there is for it."""

import json
from collections.abc import Iterator

import typer

from unio.cli.options import AsJson

__all__ = ["data_rows", "tasks_command"]

HEADER = ("family", "group", "answer", "data", "prompts", "metric", "chance")

PLAYROOM = "playroom"


def tasks_command(as_json: AsJson = False) -> None:
    """List every family with its data, number of prompts, metric, and what a blind answer scores.

    Data are the playroom, and the data sets of the instruction-tuning mixture that the paper names for it.
    """
    rows = data_rows()
    if as_json:
        typer.echo(json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows[1:]], indent=1))
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    widths[HEADER.index("data")] = min(widths[HEADER.index("data")], 48)
    for row in rows:
        cells = (
            cell if len(cell) <= width else f"{cell[: width - 3]}..."
            for cell, width in zip(row, widths, strict=True)
        )
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def data_rows() -> list[tuple[str, ...]]:
    """The table of all families as texts, its header first.

    Example: ``("refer", "image sparse labelling", "text", "playroom, refcoco", "8", "iou_50", "0.030")``.
    """
    from unio.data.tasks import TASKS

    return [
        HEADER,
        *(
            (
                task.name,
                task.group,
                task.output.value,
                ", ".join(_data(task.name)) or "yours",
                str(len(task.phrasings.phrasings)),
                task.metric,
                f"{task.chance:.3f}",
            )
            for task in TASKS
        ),
    ]


def _data(task: str) -> Iterator[str]:
    """The playroom if it has the family, then the paper's data sets, each once."""
    from unio.data.mixture_file import load_mixture
    from unio.data.sources.playroom import PlayroomSource

    if task in PlayroomSource(split="test").families():
        yield PLAYROOM
    groups = load_mixture("instruction_tuning").groups.values()
    parts = (part for group in groups for part in group.parts.values() if task in part.tasks)
    yield from dict.fromkeys(name for part in parts for name in part.data)
