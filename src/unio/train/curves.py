"""Curves of a run as a PNG, drawn from its log."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unio.core import MissingExtraError
from unio.media import write_whole
from unio.train.log_file import read_log

__all__ = ["check_can_draw", "draw_curves", "smooth"]


def check_can_draw() -> None:
    """Raise ``MissingExtraError`` without matplotlib: at a run's beginning rather than at its first save."""
    _figure_class()


def draw_curves(log: Path, path: Path) -> None:
    """Draw losses, learning rate, gradient norm and speed over the steps of ``log`` into ``path``.

    Raises ``MissingExtraError`` without matplotlib.
    """
    lines = read_log(log) if log.exists() else []
    if not lines:
        return
    figure_class = _figure_class()
    figure = figure_class(figsize=(12, 8), layout="constrained")
    axes: Any = figure.subplots(2, 2)
    names = sorted({name for line in lines for name in line["losses"] if "/" not in name})
    for name in names:
        points = [(line["step"], line["losses"][name]) for line in lines if name in line["losses"]]
        steps, values = [point[0] for point in points], [point[1] for point in points]
        axes[0, 0].plot(steps, smooth(values), label=f"{name} {smooth(values)[-1]:.3f}")
    axes[0, 0].legend()
    axes[0, 0].set_title("losses")
    steps = [line["step"] for line in lines]
    for axis, key in (
        (axes[0, 1], "learning_rate"),
        (axes[1, 0], "gradient_norm"),
        (axes[1, 1], "examples_per_second"),
    ):
        axis.plot(steps, [line[key] for line in lines])
        axis.set_title(key.replace("_", " "))
    for axis in axes.flat:
        axis.set_xlabel("step")
        axis.grid(visible=True, alpha=0.3)
    content = io.BytesIO()
    figure.savefig(content, dpi=80, format="png")
    write_whole(path, content.getvalue())


def smooth(values: Sequence[float], *, share: float = 0.05) -> list[float]:
    """Running means over the last ``share`` of the points before each one (at least itself)."""
    width = max(1, int(share * len(values)))
    sums = np.concatenate([[0.0], np.cumsum(np.asarray(values, dtype=np.float64))])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - width)
    return [float(mean) for mean in (sums[ends] - sums[starts]) / (ends - starts)]


def _figure_class() -> Any:
    # matplotlib.figure draws without pyplot: no global state, no display.
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", extra="train") from error
    return Figure
