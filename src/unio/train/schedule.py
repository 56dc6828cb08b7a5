"""Learning-rate schedules as pure functions of the step (spec section 12).

Each returns a share of the peak rate, so that one optimiser setting serves any schedule.
"""

import math
from typing import Literal

from pydantic import Field

from unio.core import Config

__all__ = ["ScheduleConfig", "cosine", "inverse_sqrt", "linear", "rate_share", "trapezoid", "warmup"]


class ScheduleConfig(Config):
    """How the learning rate moves over a run."""

    kind: Literal["cosine", "inverse_sqrt", "linear", "trapezoid"] = Field(
        description="Shape after the warm-up; trapezoid holds the peak and falls over the last decay_steps."
    )
    warmup_steps: int = Field(default=0, ge=0, description="Steps over which the rate rises from 0.")
    decay_steps: int = Field(default=0, ge=0, description="Last steps over which a trapezoid falls.")
    final: float = Field(
        default=0.0, ge=0, le=1, description="Share of the peak at the last step; inverse_sqrt has none."
    )


def rate_share(config: ScheduleConfig, *, step: int, total_steps: int) -> float:
    """The share of the peak rate at ``step`` (from 0) of a run of ``total_steps``."""
    rise = warmup(step, config.warmup_steps)
    start = config.warmup_steps
    match config.kind:
        case "cosine":
            return rise * cosine(step, start, total_steps, config.final)
        case "linear":
            return rise * linear(step, start, total_steps, config.final)
        case "trapezoid":
            return rise * trapezoid(step, config.decay_steps, total_steps, config.final)
        case "inverse_sqrt":
            return rise * inverse_sqrt(step, start)


def warmup(step: int, steps: int) -> float:
    """Linear rise: 1 / steps at step 0, 1 from step ``steps - 1`` on."""
    return min(1.0, (step + 1) / steps) if steps else 1.0


def cosine(step: int, start: int, end: int, final: float) -> float:
    """Half a cosine from 1 at ``start`` to ``final`` at ``end``."""
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * _progress(step, start, end)))


def linear(step: int, start: int, end: int, final: float) -> float:
    """A straight line from 1 at ``start`` to ``final`` at ``end``."""
    return 1 + (final - 1) * _progress(step, start, end)


def trapezoid(step: int, decay_steps: int, end: int, final: float) -> float:
    """1, then a straight line to ``final`` over the last ``decay_steps``.

    The end can be put off while the rate is still held: a run that is trained in pieces need not
    know its length in advance.
    """
    return linear(step, end - decay_steps, end, final)


def inverse_sqrt(step: int, start: int) -> float:
    """1 up to ``start``, then falling as 1 / sqrt(step)."""
    return math.sqrt(max(start, 1) / max(step, start, 1))


def _progress(step: int, start: int, end: int) -> float:
    return min(1.0, max(0.0, (step - start) / (end - start))) if end > start else float(step >= end)
