"""`video_caption`: a sentence that says what happens in a video.

Raw example (fields ``image_history``, ``image``: its frames, oldest first; ``audio``, ``audio_history`` where
there is sound; ``caption``; ``facts``, words the caption must hold; ``words``, all words of their kind)::

    caption: "A red ball rolls to the left."   facts: ("red", "ball", "left")

Prompt ``[Text] [S] Describe the video. <image_history_1> .. <image_input> <audio_input>``, target the
caption.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import VIDEO
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import facts_scores
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["VideoCaption"]


class VideoCaption(Task):
    """Metric ``facts_f1``: F1 of the telling words; ``word_f1`` compares all words.

    Chance is a guess: a sentence about another video shares about a third of its telling words.
    """

    name = "video_caption"
    group = "video understanding"
    title = "describe a video in a sentence"
    inputs = (VIDEO,)
    output = TargetModality.TEXT
    metric = "facts_f1"
    chance = 0.27
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
