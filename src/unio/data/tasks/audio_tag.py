"""`audio_tag`: what is heard, as tags, the most telling one first.

Raw example (fields ``audio``, ``tags``: a tuple whose first is the label)::

    tags: ("metal", "large", "3 hits")

Prompt ``[Text] [S] What do you hear? <audio_input>``, target ``metal, large, 3 hits``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import AUDIO
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, comma_list
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["AudioTag"]


class AudioTag(Task):
    """Metric ``accuracy``: the first tag is right; ``tag_f1`` counts all."""

    name = "audio_tag"
    group = "audio understanding"
    title = "tell what a sound is made by, as tags"
    inputs = (AUDIO,)
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.29
    decoding = DecodingOptions(temperature=0, max_tokens=24)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The tags, separated by commas."""
        return Answer(text=", ".join(record["tags"]), truth={"tags": tuple(record["tags"])})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer as labels, each once."""
        text = text_prediction(output, example)
        labels = tuple(dict.fromkeys(comma_list(text.text or "")))
        return Prediction(task=self.name, text=text.text, labels=labels)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Whether the label is right, and F1 of all tags."""
        return {
            "accuracy": float(prediction.labels[:1] == truth["tags"][:1]),
            "tag_f1": bag_f1(prediction.labels, truth["tags"]),
        }
