"""`Pace`: where in its run a step lies."""

from dataclasses import dataclass

from unio.train.schedule import ScheduleConfig, rate_share

__all__ = ["Pace", "pace_at"]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """``rate_share`` of the peak learning rate, and ``progress``, the share of the run's steps done."""

    rate_share: float
    progress: float


def pace_at(schedule: ScheduleConfig, *, step: int, total_steps: int) -> Pace:
    """The pace of ``step`` (from 0) in a run of ``total_steps``."""
    share = rate_share(schedule, step=step, total_steps=total_steps)
    return Pace(rate_share=share, progress=step / total_steps)
