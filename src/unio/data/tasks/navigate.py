"""`navigate`: the next step of a walk, in a word.

Raw example (fields ``image``, what is seen now; optionally ``image_history``, earlier views, oldest first;
``instruction``; ``action``, one of `STEPS`; optionally ``succeeds``, which tells of a step if it is as
good)::

    instruction: "go to the red ball"   action: "left"

Prompt ``[Text] [S] You can go forward, left, right or stop. go to the red ball <image_input>``, target
``left`` (spec section 4, "navigation as words").
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, InputSpec, text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["STEPS", "Navigate"]

STEPS = ("forward", "left", "right", "stop")


class Navigate(Task):
    """Metric ``accuracy``: the step is the demonstration's, or as good by the source's own judgement.

    Chance: the commonest step, "forward", is right about every other time.
    """

    name = "navigate"
    group = "embodied AI"
    title = "choose the next step of a walk"
    inputs = (
        InputSpec(
            name="image_history", kind="images", description="earlier views, oldest first", optional=True
        ),
        IMAGE,
        text_input("instruction", "where to go, such as 'go to the red ball'"),
    )
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.61
    decoding = DecodingOptions(temperature=0, max_tokens=8, choices=STEPS)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The step."""
        return Answer(
            text=record["action"],
            truth={"action": record["action"], "succeeds": record.get("succeeds")},
        )

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The step, with the score of every one."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 or 0."""
        step = prediction.text or ""
        succeeds: Callable[[str], bool] | None = truth["succeeds"]
        is_right = same_text(step, truth["action"]) or (succeeds is not None and succeeds(step))
        return {"accuracy": float(is_right)}
