"""`classify`: which of several labels a picture shows.

Raw example (fields ``image``, ``options``: a tuple of labels; ``label``: the right one of them)::

    options: ("cat", "dog", "horse")   label: "dog"

Prompt ``[Text] [S] What does the picture show? <image_input>``, target ``dog``. The options are not told:
each is scored as the answer, and the one with the lowest mean token loss is taken (spec section 14).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, options_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Classify"]


class Classify(Task):
    """Metric ``accuracy``. Chance is that of the playroom's shapes; with n equal options it is 1 / n."""

    name = "classify"
    group = "image understanding"
    title = "tell which of several labels a picture shows"
    inputs = (IMAGE, options_input(told=False))
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.26
    decoding = DecodingOptions(temperature=0, max_tokens=32, offered=True)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The label."""
        return Answer(text=record["label"], truth={"label": record["label"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The best option, with the score of every one."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 or 0."""
        return {"accuracy": float(same_text(prediction.text or "", truth["label"]))}
