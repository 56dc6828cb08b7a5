"""`Meters`: what a run measures, averaged over a few steps and written as one JSON line each time."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unio.train.log_file import LOG, append_line, forget_after
from unio.train.memory import peak_memory
from unio.train.processes import SOLO, Processes
from unio.train.step_report import StepReport, Sums, add_sums

__all__ = ["Meters", "StepReport"]


@dataclass(kw_only=True)
class _Window:
    """Sums since the last line."""

    started: float
    steps: int = 0
    tokens: int = 0
    examples: int = 0
    real: int = 0
    positions: int = 0
    flops: float = 0.0
    waited: float = 0.0
    gradient_norm: float = 0.0
    largest_norm: float = 0.0
    counted: int = 0
    sums: Sums = field(default_factory=dict[str, tuple[float, float]])

    def add(self, report: StepReport, *, waited: float) -> None:
        """Count one step."""
        self.steps += 1
        self.tokens += report.tokens
        self.examples += report.examples
        self.real += report.real
        self.positions += report.positions
        self.flops += report.flops
        self.waited += waited
        if report.is_skipped:
            return
        self.counted += 1
        self.gradient_norm += report.gradient_norm
        self.largest_norm = max(self.largest_norm, report.gradient_norm)
        add_sums(self.sums, {name: (value, 1.0) for name, value in report.losses.items()})
        add_sums(self.sums, report.sums)

    def join(self, other: "_Window") -> None:
        """Add another process's: its share of the data; steps and norms are the same in all."""
        self.tokens += other.tokens
        self.examples += other.examples
        self.real += other.real
        self.positions += other.positions
        self.flops += other.flops
        self.waited = max(self.waited, other.waited)
        add_sums(self.sums, other.sums)


class Meters:
    """Adds up step reports; ``flush`` writes and returns the line of the steps since the last one.

    ``minutes`` and ``skipped`` run on from a checkpoint's. Lines of steps that the checkpoint does not
    know (a run was killed between a line and the next save) are cut off the log, so that none comes
    twice. Of several ``processes`` all must flush; the line counts the data of all, and the first
    process writes it.
    """

    def __init__(
        self,
        out: Path,
        *,
        start_step: int = 0,
        minutes: float = 0.0,
        skipped: int = 0,
        processes: Processes = SOLO,
        peak_flops: float | None = None,
    ) -> None:
        """``peak_flops`` a second of all devices together; without it there is no MFU."""
        self.path = out / LOG
        self.skipped = skipped
        self._earlier_minutes = minutes
        self._processes = processes
        self._peak_flops = peak_flops
        self._started = time.monotonic()
        self._window = _Window(started=self._started)
        if processes.is_first:
            forget_after(self.path, start_step)

    @property
    def minutes(self) -> float:
        """Minutes of training so far, all pieces of the run together."""
        return self._earlier_minutes + (time.monotonic() - self._started) / 60

    @property
    def losses(self) -> dict[str, float]:
        """Means since the last line."""
        return _means(self._window)

    def add(self, report: StepReport, *, waited: float) -> None:
        """Count one step, for whose data ``waited`` seconds were spent."""
        self._window.add(report, waited=waited)
        self.skipped += report.is_skipped

    def flush(self, *, step: int, learning_rate: float) -> dict[str, Any]:
        """Write the line of the steps up to ``step`` (done) and start a new window."""
        seconds = max(time.monotonic() - self._window.started, 1e-9)
        window, *others = self._processes.gather(self._window)
        for other in others:
            window.join(other)
        line: dict[str, Any] = {
            "step": step,
            "minutes": round(self.minutes, 3),
            "losses": {name: round(value, 5) for name, value in _means(window).items()},
            "learning_rate": learning_rate,
            "gradient_norm": round(window.gradient_norm / max(window.counted, 1), 5),
            "largest_gradient_norm": round(window.largest_norm, 5),
            "skipped": self.skipped,
            "seconds_per_step": round(seconds / max(window.steps, 1), 4),
            "tokens_per_second": round(window.tokens / seconds, 1),
            "examples_per_second": round(window.examples / seconds, 2),
            "data_wait": round(window.waited / seconds, 4),
            "memory_gb": round(peak_memory() / 1e9, 3),
        }
        if window.positions:
            line["real_share"] = round(window.real / window.positions, 4)
            line["positions_per_second"] = round(window.real / seconds, 1)
        if self._peak_flops:
            line["mfu"] = round(window.flops / seconds / self._peak_flops, 4)
        if self._processes.is_first:
            append_line(self.path, line)
        self._window = _Window(started=time.monotonic())
        return line


def _means(window: _Window) -> dict[str, float]:
    """Each loss averaged over the steps or tokens it was measured on."""
    return {name: total / count for name, (total, count) in window.sums.items()}
