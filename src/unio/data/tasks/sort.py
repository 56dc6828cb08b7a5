"""`sort`: words or numbers put in order, from text alone.

Raw example (fields ``items``, ``order``: "ascending" or "descending", ``sorted``)::

    items: "7 3 12"   order: "ascending"   sorted: "3 7 12"

Prompt ``[Text] [S] Sort in ascending order: 7 3 12``, target ``3 7 12``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import InputSpec, text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import plain_words, same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Sort"]


class Sort(Task):
    """Metric ``accuracy``: the whole list is right; ``in_place`` is the share of items in their place."""

    name = "sort"
    group = "natural language"
    title = "put words or numbers in order"
    inputs = (
        text_input("items", "words or numbers, separated by blanks"),
        InputSpec(
            name="order",
            kind="text",
            description="ascending or descending",
            field="order",
            default="ascending",
        ),
    )
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.0
    decoding = DecodingOptions(temperature=0, max_tokens=48)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The sorted list."""
        return Answer(text=record["sorted"], truth={"sorted": record["sorted"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer's text."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Exact match, and place by place."""
        text = prediction.text or ""
        found, wanted = plain_words(text), plain_words(truth["sorted"])
        placed = sum(mine == theirs for mine, theirs in zip(found, wanted, strict=False))
        return {
            "accuracy": float(same_text(text, truth["sorted"])),
            "in_place": placed / max(len(found), len(wanted), 1),
        }
