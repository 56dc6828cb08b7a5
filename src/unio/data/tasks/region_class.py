"""`region_class`: the name of the thing in a box.

Raw example (fields ``image``, ``box`` y1 x1 y2 x2 in pixels, ``label``)::

    box: (12, 30, 60, 71)   label: "red ball"

Prompt ``[Text] [S] What is in the box <extra_id_293> ..? <image_input>``, target ``red ball``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, InputSpec
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, plain_words, same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["RegionClass"]


class RegionClass(Task):
    """Metric ``accuracy``: the whole name is right; ``word_f1`` gives part of it."""

    name = "region_class"
    group = "image understanding"
    title = "name the thing in a box"
    inputs = (
        IMAGE,
        InputSpec(name="box", kind="box", description="y1, x1, y2, x2 in pixels", field="box"),
    )
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.05
    decoding = DecodingOptions(temperature=0, max_tokens=24)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The label."""
        return Answer(text=record["label"], truth={"label": record["label"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The name."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 or 0, and the share of right words."""
        text = prediction.text or ""
        return {
            "accuracy": float(same_text(text, truth["label"])),
            "word_f1": bag_f1(plain_words(text), plain_words(truth["label"])),
        }
