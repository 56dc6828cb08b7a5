"""`video_class`: what is done in a video, in a word or two.

Raw example (fields ``image_history``, ``image``: its frames, oldest first; ``audio``, ``audio_history`` where
there is sound; ``label``)::

    label: "rolling"

Prompt ``[Text] [S] What happens in the video? <image_history_1> .. <image_input>``, target ``rolling``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import VIDEO
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, plain_words, same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["VideoClass"]


class VideoClass(Task):
    """Metric ``accuracy``: the whole label is right; ``word_f1`` gives part of it. Chance: four labels."""

    name = "video_class"
    group = "video understanding"
    title = "name what happens in a video"
    inputs = (VIDEO,)
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.28
    decoding = DecodingOptions(temperature=0, max_tokens=24)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The label."""
        return Answer(text=record["label"], truth={"label": record["label"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The label's words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 or 0, and the share of right words."""
        text = prediction.text or ""
        return {
            "accuracy": float(same_text(text, truth["label"])),
            "word_f1": bag_f1(plain_words(text), plain_words(truth["label"])),
        }
