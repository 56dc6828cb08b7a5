"""Write the parts of the documentation that the sources already know; ``--check`` only looks.

- ``docs/command-line.md``: the help of every command.
- ``docs/files.md``: every source file and the first sentence of its docstring.
- ``docs/tasks.md``: every task family with its inputs, answer, metric and chance level, and its data.
- ``docs/results.md``: the scores of the bundled model, every family of it.
- ``README.md``: the first of them, between its two marker lines.
"""

import argparse
import ast
import contextlib
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unio.evals.summary import TaskSummary

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Written by docs/generate.py: change the sources and run `make docs`. -->\n"
BEGIN, END = "<!-- results: begin (docs/generate.py) -->", "<!-- results: end -->"
IN_README = (
    *("image_from_text", "image_from_segmentation", "image_edit", "next_frame", "audio_from_text"),
    *("caption", "vqa", "tag", "region_class", "detect", "refer", "segment", "depth", "normals", "cuboid"),
    *("audio_tag", "audio_caption", "act", "act_closed_loop", "arithmetic", "sort"),
)
"""Families whose scores README shows, in its order: those that unio-nano learned first."""
COMMANDS = (
    "",
    "tasks",
    "run",
    "demo",
    "eval",
    "train",
    "playroom",
    "playroom render",
    "data",
    "data check",
    "data fetch",
    "data show",
    "data stats",
    "data tasks",
    "info",
    "convert",
)


def command_line_page() -> str:
    """The help of ``unio`` and of each of its commands."""
    from unio.cli.main import run_command_line

    sections = [NOTE, "# The command line\n"]
    for command in COMMANDS:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            run_command_line([*command.split(), "--help"])
        sections.append(f"## unio {command}".rstrip() + f"\n\n```\n{output.getvalue().strip()}\n```\n")
    return "\n".join(sections)


def files_page() -> str:
    """One line a source file, room by room."""
    lines = [NOTE, "# File map\n"]
    room = None
    for path in sorted((ROOT / "src" / "unio").rglob("*.py")):
        sentence = first_sentence(path)
        if path.parent != room:
            room = path.parent
            heading = room.relative_to(ROOT).as_posix()
            lines.append(f"\n## {heading}\n")
            if path.name == "__init__.py":
                lines.append(f"{sentence}\n")
        if path.name != "__init__.py":
            lines.append(f"- `{path.name}`: {sentence}")
    return "\n".join(lines) + "\n"


def first_sentence(path: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def tasks_page() -> str:
    """One row a task family, and one with the data there is for it."""
    from unio.cli.data_tasks import data_rows
    from unio.cli.tasks import task_rows

    return "\n".join(
        [
            NOTE,
            "# Task families\n",
            "`unio run TASK ...` answers one of these.\n",
            *table_lines(task_rows()),
            "\n## Their data\n",
            "The playroom, and the data sets that the paper's instruction tuning names for a family, by the",
            "names of their builders (`configs/data/`, where there is one); `yours`: a file of your own,",
            "docs/data.md.\n",
            *table_lines(data_rows()),
            "",
        ]
    )


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table; the first row is its header."""
    header, *body = rows
    return [f"| {' | '.join(cells)} |" for cells in (header, ["---"] * len(header), *body)]


def results() -> "tuple[str, list[TaskSummary]]":
    """What was measured of the bundled model, in words, and its rows."""
    from unio.evals.summary import summaries_from_json

    path = ROOT / "src" / "unio" / "assets" / "nano" / "results.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    about = ", ".join(f"{name} {value}" for name, value in values["about"].items())
    return about, summaries_from_json(values)


def results_page() -> str:
    """Every family's scores, a table a group, and the share that each has of its ceiling."""
    from unio.evals.report import COLUMNS, table_rows

    about, rows = results()
    shares = [row.share_of_ceiling for row in rows]
    known = [share for share in shares if share is not None]
    lines = [
        NOTE,
        "# Results of unio-nano\n",
        f"`unio eval playroom`: {about}.",
        "Chance is the best answer that looks at nothing, measured; the ceiling is the truth itself after",
        "the discrete codecs. The last column is the score's share of the ceiling: at least 75 % in",
        f"{sum(share >= 0.75 for share in known)} of {len(known)} families.",
    ]
    for group in dict.fromkeys(row.group for row in rows):
        cells = [
            (*row, "" if share is None else f"{share:.0%}")
            for one, row, share in zip(rows, table_rows(rows), shares, strict=True)
            if one.group == group
        ]
        lines += [
            f"\n## {group[0].upper()}{group[1:]}\n",
            *table_lines([(*COLUMNS, "of the ceiling"), *cells]),
        ]
    return "\n".join(lines) + "\n"


def readme_page() -> str:
    """README.md with scores of the bundled model between the markers."""
    from unio.evals.report import markdown_table

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    about, rows = results()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    by_name = {row.task: row for row in rows}
    table = markdown_table([by_name[name] for name in IN_README])
    return f"{before}{BEGIN}\n{about}\n\n{table}{END}{after}"


def main() -> int:
    """Write the pages, or with ``--check`` return 1 if one of them would change."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is stale")
    check: bool = parser.parse_args().check
    os.environ["COLUMNS"] = "100"  # help is wrapped to the terminal's width; fix it
    pages = {
        "docs/command-line.md": command_line_page,
        "docs/files.md": files_page,
        "docs/tasks.md": tasks_page,
        "docs/results.md": results_page,
        "README.md": readme_page,
    }
    stale = 0
    for name, make in pages.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(f"{name} {'is stale: run make docs' if check else 'written'}")
        if not check:
            path.write_text(text, encoding="utf-8")
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
