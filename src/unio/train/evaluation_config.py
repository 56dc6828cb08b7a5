"""What is looked at while a model trains: settings alone, the looking is `unio.train.evaluation`'s."""

from typing import Literal

from pydantic import Field

from unio.core import Config

__all__ = ["EvaluationConfig"]


class EvaluationConfig(Config):
    """Held-out losses and sample outputs."""

    every_steps: int = Field(gt=0, description="Steps between two evaluations.")
    split: Literal["train", "test", "novel"] = Field(
        default="test", description="Split of the source that is never trained on."
    )
    batches: int = Field(
        default=2, ge=0, description="Held-out batches whose losses are measured; processes share them out."
    )
    samples: int = Field(
        default=1, ge=0, description="Examples of each task whose outputs are drawn, by the first process."
    )
    tasks: tuple[str, ...] | None = Field(
        default=None, description="Tasks that samples are drawn of; None: all of the mixture."
    )
