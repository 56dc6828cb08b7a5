"""`image_pair_difference`: a sentence that says how a second picture differs from a first.

Raw example (fields ``image_history``: the first picture alone; ``image``: the second; ``caption``; ``facts``,
words the caption must hold; ``words``, all words of their kind)::

    caption: "The red ball is now blue."   facts: ("red", "ball", "blue")

Prompt ``[Text] [S] What is different? <image_history_1> <image_input>``, target the caption.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import InputSpec
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import facts_scores
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ImagePairDifference"]


class ImagePairDifference(Task):
    """Metric ``facts_f1``: F1 of the telling words; ``word_f1`` compares all words.

    Chance: a sentence about another pair shares about a fifth of its telling words.
    """

    name = "image_pair_difference"
    group = "image understanding"
    title = "tell how two pictures differ"
    inputs = (
        InputSpec(name="image_history", kind="images", description="the first picture, as a list of one"),
        InputSpec(name="image", kind="image", description="the second picture"),
    )
    output = TargetModality.TEXT
    metric = "facts_f1"
    chance = 0.22
    decoding = DecodingOptions(temperature=0, max_tokens=64)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The caption."""
        return Answer(
            text=record["caption"], truth={name: record[name] for name in ("caption", "facts", "words")}
        )

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The sentence."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Telling words, and all words."""
        return facts_scores(prediction.text or "", truth)
