"""What a run shows while it trains: a bar on a terminal, plain lines elsewhere."""

import sys
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

__all__ = ["TrainingProgress", "describe_line"]

MOST_LOSSES = 6

LINES = 10
"""Lines that `TrainingProgress.count` prints in all where there is no bar."""


def describe_line(line: dict[str, Any]) -> str:
    """A log line in words: losses, speed, the share of the time spent waiting for data.

    Example::

        loss 2.31  text 1.02  image 1.29  1,840 tokens/s  31.5 examples/s  data wait 2 %
    """
    overall = [(name, value) for name, value in line["losses"].items() if "/" not in name]
    parts = [f"{name} {value:.3f}" for name, value in overall[:MOST_LOSSES]]
    if line["tokens_per_second"]:
        parts.append(f"{line['tokens_per_second']:,.0f} tokens/s")
    parts.append(f"{line['examples_per_second']:,.1f} examples/s")
    parts.append(f"data wait {100 * line['data_wait']:.0f} %")
    if "real_share" in line:
        parts.append(f"{100 * line['real_share']:.0f} % real")
    if "mfu" in line:
        parts.append(f"MFU {100 * line['mfu']:.1f} %")
    if "memory_gb" in line:
        parts.append(f"{line['memory_gb']:.1f} GB")
    if line["skipped"]:
        parts.append(f"{line['skipped']} skipped")
    return "  ".join(parts)


class TrainingProgress:
    """Shows steps done of ``total``, the latest log line, and the time left.

    A context manager; ``say`` prints a message without disturbing the bar. With ``is_silent`` nothing is
    shown: of several processes one speaks.
    """

    def __init__(
        self,
        name: str,
        *,
        total: int,
        start: int = 0,
        console: Console | None = None,
        is_silent: bool = False,
    ) -> None:
        self._console = console or Console(file=sys.stderr, soft_wrap=True, highlight=False, quiet=is_silent)
        self._name = name
        self._total = total
        self._start = start
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._told = 0

    def __enter__(self) -> "TrainingProgress":
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=None),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[facts]}"),
                console=self._console,
            )
            self._task = self._bar.add_task(self._name, total=self._total, completed=self._start, facts="")
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, done: int) -> None:
        """``done`` steps are done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done)

    def count(self, done: int) -> None:
        """``done`` of something other than training steps is done: the bar, or a line now and then."""
        self.advance(done)
        if self._bar is None and (done * LINES // self._total) > (self._told * LINES // self._total):
            self._console.print(f"{self._name} {done}/{self._total}")
        self._told = done

    def show(self, line: dict[str, Any]) -> None:
        """A new log line: beside the bar, or as a line of its own."""
        if self._bar is not None:
            self._bar.update(self._task, facts=describe_line(line))
            return
        left = (self._total - line["step"]) * line["seconds_per_step"] / 60
        self._console.print(
            f"{self._name} {line['step']}/{self._total}  {describe_line(line)}  {left:.0f} min left"
        )

    def say(self, message: str) -> None:
        """Print a message."""
        self._console.print(message, markup=False)
