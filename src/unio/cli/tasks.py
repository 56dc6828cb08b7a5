"""``unio tasks``: every family with what it takes and what it gives."""

import json

import typer

from unio.cli.options import AsJson

__all__ = ["task_rows", "tasks"]

HEADER = ("family", "what it does", "inputs", "answer", "metric", "chance")


def tasks(as_json: AsJson = False) -> None:
    """List every task family with its inputs and its answer."""
    if as_json:
        typer.echo(json.dumps([dict(zip(HEADER, row, strict=True)) for row in task_rows()[1:]], indent=1))
        return
    rows = [row[:4] for row in task_rows()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def task_rows() -> list[tuple[str, ...]]:
    """The table of all families as texts, its header first.

    Example: ``("detect", "find things by name", "image", "text", "f1", "0.020")``.
    """
    from unio.data.tasks import TASKS

    rows = [
        (
            task.name,
            task.title,
            ", ".join(spec.name if spec.default is None else f"[{spec.name}]" for spec in task.inputs),
            task.output.value,
            task.metric,
            f"{task.chance:.3f}",
        )
        for task in TASKS
    ]
    return [HEADER, *rows]
