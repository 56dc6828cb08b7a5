"""`choose`: which of the answers offered to a question is right, with or without a picture.

Raw example (fields ``question``, ``options``: a tuple of answers; ``label``: the right one; optionally
``image``)::

    question: "Which is heavier?"   options: ("a feather", "a stone")   label: "a stone"

Prompt ``[Text] [S] Which is heavier? Options: a feather, a stone``, target ``a stone``. Each option is scored
as the answer, and the one with the lowest mean token loss is taken (spec section 14).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import InputSpec, options_input, text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Choose"]


class Choose(Task):
    """Metric ``accuracy``. Chance: any of the playroom's two to four options; of n it is 1 / n."""

    name = "choose"
    group = "natural language"
    title = "score the answers offered to a question and take the best"
    inputs = (
        InputSpec(name="image", kind="image", description="a picture the question is about", optional=True),
        text_input("question", "the question"),
        options_input(told=True),
    )
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.35
    decoding = DecodingOptions(temperature=0, max_tokens=64, offered=True)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The right option."""
        return Answer(text=record["label"], truth={"label": record["label"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The best option, with the score of every one."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 or 0."""
        return {"accuracy": float(same_text(prediction.text or "", truth["label"]))}
