"""`Meters`: what a run measures, averaged over a few steps and written as one JSON line each time."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["LOG", "Meters", "StepReport", "read_log"]

LOG = "log.jsonl"
"""Name of a run's log in its folder."""


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """One optimiser step.

    ``losses`` by name (``text``, ``image``, ``task/depth``, ...). ``tokens`` counts target tokens.
    ``is_skipped`` is set when the gradient was not finite and the weights stayed as they were.
    """

    losses: dict[str, float]
    gradient_norm: float
    is_skipped: bool = False
    tokens: int = 0
    examples: int = 0


@dataclass(kw_only=True)
class _Window:
    """Sums since the last line."""

    started: float
    steps: int = 0
    tokens: int = 0
    examples: int = 0
    waited: float = 0.0
    gradient_norm: float = 0.0
    counted: int = 0
    sums: dict[str, float] = field(default_factory=dict[str, float])
    counts: dict[str, int] = field(default_factory=dict[str, int])


class Meters:
    """Adds up step reports; ``flush`` writes and returns the line of the steps since the last one.

    ``minutes`` and ``skipped`` run on from a checkpoint's. Lines of steps that the checkpoint does not
    know (a run was killed between a line and the next save) are cut off the log, so that none comes twice.
    """

    def __init__(self, out: Path, *, start_step: int = 0, minutes: float = 0.0, skipped: int = 0) -> None:
        self.path = out / LOG
        self.skipped = skipped
        self._earlier_minutes = minutes
        self._started = time.monotonic()
        self._window = _Window(started=self._started)
        self._forget_after(start_step)

    @property
    def minutes(self) -> float:
        """Minutes of training so far, all pieces of the run together."""
        return self._earlier_minutes + (time.monotonic() - self._started) / 60

    @property
    def losses(self) -> dict[str, float]:
        """Means since the last line."""
        window = self._window
        return {name: total / window.counts[name] for name, total in window.sums.items()}

    def add(self, report: StepReport, *, waited: float) -> None:
        """Count one step, for whose data ``waited`` seconds were spent."""
        window = self._window
        window.steps += 1
        window.tokens += report.tokens
        window.examples += report.examples
        window.waited += waited
        if report.is_skipped:
            self.skipped += 1
            return
        window.counted += 1
        window.gradient_norm += report.gradient_norm
        for name, value in report.losses.items():
            window.sums[name] = window.sums.get(name, 0.0) + value
            window.counts[name] = window.counts.get(name, 0) + 1

    def flush(self, *, step: int, learning_rate: float) -> dict[str, Any]:
        """Write the line of the steps up to ``step`` (done) and start a new window."""
        window = self._window
        seconds = max(time.monotonic() - window.started, 1e-9)
        line: dict[str, Any] = {
            "step": step,
            "minutes": round(self.minutes, 3),
            "losses": {name: round(value, 5) for name, value in self.losses.items()},
            "learning_rate": learning_rate,
            "gradient_norm": round(window.gradient_norm / max(window.counted, 1), 5),
            "skipped": self.skipped,
            "seconds_per_step": round(seconds / max(window.steps, 1), 4),
            "tokens_per_second": round(window.tokens / seconds, 1),
            "examples_per_second": round(window.examples / seconds, 2),
            "data_wait": round(window.waited / seconds, 4),
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self._window = _Window(started=time.monotonic())
        return line

    def _forget_after(self, step: int) -> None:
        if self.path.exists():
            kept = [json.dumps(line) + "\n" for line in read_log(self.path) if line["step"] <= step]
            partial = self.path.with_suffix(".partial")
            partial.write_text("".join(kept), encoding="utf-8")
            partial.replace(self.path)


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log; a last line that was cut short is left out."""
    lines: list[dict[str, Any]] = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return lines
