"""`transcribe`: the words that are spoken.

Raw example (fields ``audio``, ``transcript``)::

    transcript: "put the red ball away"

Prompt ``[Text] [S] Write down what is said. <audio_input>``, target the transcript.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import AUDIO
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import same_text, word_error_rate
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Transcribe"]


class Transcribe(Task):
    """Metric ``word_accuracy``: 1 minus the word error rate, at least 0; ``exact``: no word is wrong.

    Chance is a guess: another sentence of the same few words has some of them in place.
    """

    name = "transcribe"
    group = "audio understanding"
    title = "write down what is said"
    inputs = (AUDIO,)
    output = TargetModality.TEXT
    metric = "word_accuracy"
    chance = 0.25
    decoding = DecodingOptions(temperature=0, max_tokens=128)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The transcript."""
        return Answer(text=record["transcript"], truth={"transcript": record["transcript"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """By words, whatever their case and stops."""
        text = prediction.text or ""
        return {
            "word_accuracy": max(1.0 - word_error_rate(text, truth["transcript"]), 0.0),
            "exact": float(same_text(text, truth["transcript"])),
        }
