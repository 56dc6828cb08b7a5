"""The score table in Markdown, JSON and on the page: one wording of the cells for all of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from unio.evals.summary import TaskSummary, summaries_to_json
from unio.media import write_whole

__all__ = ["COLUMNS", "markdown_table", "table_rows", "write_report"]

COLUMNS = ("family", "metric", "score", "chance", "codec ceiling", "examples", "time an answer")


def table_rows(summaries: Sequence[TaskSummary]) -> list[tuple[str, ...]]:
    """The cells of the table, one tuple of texts a family, in the order of `COLUMNS`.

    Example: ``("vqa", "accuracy", "0.830", "0.310", "1.000", "200", "12 ms")``.
    """
    return [
        (
            row.task,
            row.metric if row.higher_is_better else f"{row.metric} (lower is better)",
            f"{row.score:.3f}",
            f"{row.chance:.3f}",
            "" if row.ceiling is None else f"{row.ceiling:.3f}",
            str(row.count),
            _duration(row.seconds),
        )
        for row in summaries
    ]


def markdown_table(summaries: Sequence[TaskSummary]) -> str:
    """The table in Markdown, numbers aligned right."""
    alignment = ["---", "---", *["---:"] * (len(COLUMNS) - 2)]
    lines = [COLUMNS, alignment, *table_rows(summaries)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def write_report(folder: Path, summaries: Sequence[TaskSummary], *, about: dict[str, Any]) -> None:
    """Write ``results.json`` and ``results.md`` into ``folder``, each whole or not at all."""
    title = ", ".join(f"{name} {value}" for name, value in about.items())
    values = json.dumps(summaries_to_json(summaries, about=about), indent=1)
    write_whole(folder / "results.json", f"{values}\n".encode())
    write_whole(folder / "results.md", f"{title}\n\n{markdown_table(summaries)}".encode())


def _duration(seconds: float) -> str:
    """Of an answer; nothing where it was not measured, as of whole trials."""
    if seconds == 0:
        return ""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"
