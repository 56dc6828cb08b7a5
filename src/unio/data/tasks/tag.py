"""`tag`: all that is in a picture, as words.

Raw example (fields ``image``, ``tags``: a tuple in the order to write them)::

    tags: ("ball", "box", "blue", "red", "metal")

Prompt ``[Text] [S] List the tags of this picture. <image_input>``, target ``ball, box, blue, red, metal``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, comma_list
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Tag"]


class Tag(Task):
    """Metric ``tag_f1``: F1 of the set of tags."""

    name = "tag"
    group = "image understanding"
    title = "list what is in a picture as tags"
    inputs = (IMAGE,)
    output = TargetModality.TEXT
    metric = "tag_f1"
    chance = 0.47
    decoding = DecodingOptions(temperature=0, max_tokens=48)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The tags, separated by commas."""
        return Answer(text=", ".join(record["tags"]), truth={"tags": tuple(record["tags"])})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer as labels, each once."""
        text = text_prediction(output, example)
        labels = tuple(dict.fromkeys(comma_list(text.text or "")))
        return Prediction(task=self.name, text=text.text, labels=labels, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """F1 of the labels."""
        return {"tag_f1": bag_f1(prediction.labels, truth["tags"])}
