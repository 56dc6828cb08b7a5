"""Actions carried out: a push chosen from one picture, done in the simulator, judged by where things end up."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from unio.data.tasks.task import Task
from unio.evals.answerer import Answerer
from unio.media import Prediction
from unio.playroom import Episode, Push, Scene, apply_push, expert_push, push_problem, push_succeeded, render
from unio.playroom.scene import Split
from unio.schema import Picture

__all__ = ["ClosedLoop", "CarriedOut", "film", "run_closed_loop"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CarriedOut:
    """One push and what came of it."""

    push: Push
    episode: Episode
    succeeded: bool
