"""`image_pair_vqa`: a short answer to a question about two pictures.

Raw example (fields ``image_history``: the first picture alone; ``image``: the second; ``question``,
``answer``, and ``kind`` where a source sorts its questions)::

    question: "Is there a ball in both pictures?"   answer: "yes"   kind: "both"

Prompt ``[Text] [S] Is there a ball in both pictures? <image_history_1> <image_input>``, target ``yes``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import InputSpec, text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ImagePairQuestion"]


class ImagePairQuestion(Task):
    """Metric ``accuracy``: the answer's words are those of the truth. Chance: the commonest of two."""

    name = "image_pair_vqa"
    group = "image understanding"
    title = "answer a question about two pictures"
    inputs = (
        InputSpec(name="image_history", kind="images", description="the first picture, as a list of one"),
        InputSpec(name="image", kind="image", description="the second picture"),
        text_input("question", "a question about both pictures"),
    )
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.58
    decoding = DecodingOptions(temperature=0, max_tokens=16)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The answer; the truth keeps it with the question's kind."""
        return Answer(
            text=record["answer"], truth={"answer": record["answer"], "kind": record.get("kind", "")}
        )

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer's words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 or 0."""
        return {"accuracy": float(same_text(prediction.text or "", truth["answer"]))}
