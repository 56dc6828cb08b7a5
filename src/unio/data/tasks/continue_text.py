"""`continue_text`: how a text goes on.

Raw example (fields ``text``, ``continuation``)::

    text: "The red ball rolls over"   continuation: "the floor and hits the box."

Prompt ``[Text] [S] The red ball rolls over``, target the continuation. Sources of whole texts cut
them anywhere.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, plain_words, same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ContinueText"]


class ContinueText(Task):
    """Metric ``word_f1``: F1 of the words; ``next_word`` asks for the first alone."""

    name = "continue_text"
    group = "natural language"
    title = "go on with a text"
    inputs = (text_input("text", "how the text begins"),)
    output = TargetModality.TEXT
    metric = "word_f1"
    chance = 0.37
    decoding = DecodingOptions(temperature=0, max_tokens=512)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The rest of the text."""
        return Answer(text=record["continuation"], truth={"continuation": record["continuation"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Words in common, and the first word."""
        found, wanted = plain_words(prediction.text or ""), plain_words(truth["continuation"])
        return {
            "word_f1": bag_f1(found, wanted),
            "next_word": float(same_text(" ".join(found[:1]), " ".join(wanted[:1]))),
        }
