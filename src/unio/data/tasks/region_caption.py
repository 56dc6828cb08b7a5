"""`region_caption`: a sentence about what is in a box.

Raw example (fields ``image``, ``box`` y1 x1 y2 x2 in pixels, ``caption``; ``facts``, words the caption must
hold; ``words``, all words of their kind, of which no other may be there)::

    box: (12, 30, 60, 71)   caption: "A red rubber ball behind a box."   facts: ("red", "rubber", "ball")

Prompt ``[Text] [S] Describe <extra_id_293> .. . <image_input>``, target the caption.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import facts_scores
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["RegionCaption"]


class RegionCaption(Task):
    """Metric ``facts_f1``: F1 of the telling words; ``word_f1`` compares all words.

    Chance: a sentence about another box shares about a third of its telling words.
    """

    name = "region_caption"
    group = "image understanding"
    title = "describe what is in a box"
    inputs = (IMAGE, box_input("y1, x1, y2, x2 in pixels"))
    output = TargetModality.TEXT
    metric = "facts_f1"
    chance = 0.3
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
