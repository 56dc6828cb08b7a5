"""`relations`: how one thing stands to the others.

Raw example (fields ``image``, ``name``, ``relations``: statements that are true of it)::

    name: "red ball"   relations: ("left of the blue box", "behind the green ring")

Prompt ``[Text] [S] How does the red ball stand to the other things? <image_input>``, target
``left of the blue box; behind the green ring``, in random order.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, plain_words
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Relations"]


class Relations(Task):
    """Metric ``relations_f1``: F1 of the statements, compared word by word."""

    name = "relations"
    group = "augmented tasks"
    title = "tell how a thing stands to the others"
    inputs = (IMAGE, text_input("name", "which thing, such as 'red ball'"))
    output = TargetModality.TEXT
    metric = "relations_f1"
    chance = 0.04
    decoding = DecodingOptions(temperature=0, max_tokens=128)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:
        """The statements in an order that ``rng`` shuffles, with semicolons between."""
        relations = tuple(record["relations"])
        text = "; ".join(relations[place] for place in rng.permutation(len(relations)))
        return Answer(text=text, truth={"relations": relations})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Statements in common."""
        found = _statements((prediction.text or "").split(";"))
        return {"relations_f1": bag_f1(found, _statements(truth["relations"]))}


def _statements(texts: Any) -> list[str]:
    told = [" ".join(plain_words(text)) for text in texts]
    return list(dict.fromkeys(text for text in told if text))
