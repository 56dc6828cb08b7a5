"""`goal_image`: what the scene looks like when an instruction has been carried out.

Raw example (fields ``image``, ``instruction``, ``picture``: the state afterwards)::

    instruction: "push the red ball to the blue box"   picture: the ball beside the box

Prompt ``[Image] [S] Show the goal of: push the red ball to the blue box <image_input>``, target the state
afterwards.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.pictures import change_agreement
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["GoalImage"]


class GoalImage(Task):
    """Metric ``change``: intersection over union of the change that is drawn and the one the deed makes.

    As `change_agreement` counts it: a copy of the picture scores 0, a picture of something else nearly so.
    """

    name = "goal_image"
    group = "embodied AI"
    title = "draw what it looks like when an instruction is done"
    inputs = (IMAGE, text_input("instruction", "what is to be done"))
    output = TargetModality.IMAGE
    metric = "change"
    chance = 0.11
    decoding = DecodingOptions(top_p=0.95, temperature=0.7)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The state afterwards."""
        truth = {"before": record["image"], "after": record["picture"]}
        return Answer(image=record["picture"], truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture, in the size of the one given."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """How far the answer shows the deed done."""
        assert prediction.image is not None, "parse always gives a picture"
        return {"change": change_agreement(prediction.image, before=truth["before"], after=truth["after"])}
