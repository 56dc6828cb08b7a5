"""`arithmetic`: the result of a sum, from text alone.

Raw example (fields ``expression``, ``result``)::

    expression: "17 + 5"   result: "22"

Prompt ``[Text] [S] 17 + 5 =``, target ``22``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Arithmetic"]


class Arithmetic(Task):
    """Metric ``accuracy``: the number is exactly right."""

    name = "arithmetic"
    group = "natural language"
    title = "work out a sum"
    inputs = (text_input("expression", "a sum, such as '17 + 5'"),)
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.06
    decoding = DecodingOptions(temperature=0, max_tokens=12)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The result."""
        return Answer(text=record["result"], truth={"result": record["result"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer's text."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 if the text is the number, sign included."""
        return {"accuracy": float((prediction.text or "").strip(" .") == truth["result"])}
