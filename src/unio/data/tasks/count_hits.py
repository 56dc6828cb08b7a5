"""`count_hits`: how often things hit the floor or each other, by ear.

Raw example (fields ``audio``, ``count``)::

    count: 3

Prompt ``[Text] [S] How many hits do you hear? <audio_input>``, target ``3``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import AUDIO
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import plain_words
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["CountHits"]


class CountHits(Task):
    """Metric ``accuracy``: the number is right; ``near``: it is off by one at most."""

    name = "count_hits"
    group = "audio understanding"
    title = "count the hits in a sound"
    inputs = (AUDIO,)
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.4
    decoding = DecodingOptions(temperature=0, max_tokens=8)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The number."""
        count = int(record["count"])
        return Answer(text=str(count), truth={"count": count})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The number's words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """By the first whole number that is said; 0 without one."""
        numbers = [int(word) for word in plain_words(prediction.text or "") if word.isdecimal()]
        error = abs(numbers[0] - truth["count"]) if numbers else None
        return {
            "accuracy": float(error == 0),
            "near": float(error is not None and error <= 1),
        }
