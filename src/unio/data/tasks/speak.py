"""`speak`: a voice that says given words.

Raw example (fields ``transcript``, ``sound``; ``judge``, a function from a sound to the words it hears)::

    transcript: "put the red ball away"

Prompt ``[Audio] [S] Say: put the red ball away``, target the voice.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import text_input
from unio.data.tasks.predictions import sound_prediction
from unio.data.tasks.scoring.words import word_error_rate
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality, Waveform

__all__ = ["Speak"]


class Speak(Task):
    """Metric ``word_accuracy``: 1 minus the word error rate of what the judge hears, at least 0.

    Chance is a guess, as for ``transcribe``.
    """

    name = "speak"
    group = "audio generation"
    title = "say words aloud"
    inputs = (text_input("transcript", "the words to say"),)
    output = TargetModality.AUDIO
    reader = "transcribe"
    metric = "word_accuracy"
    chance = 0.19
    decoding = DecodingOptions(top_p=0.95)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The voice."""
        truth = {"transcript": record["transcript"], "judge": record["judge"]}
        return Answer(audio=record["sound"], truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The sound."""
        return sound_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """What the judge hears, word by word."""
        assert prediction.audio is not None, "parse always gives a sound"
        judge: Callable[[Waveform], str] = truth["judge"]
        wrong = word_error_rate(judge(prediction.audio), truth["transcript"])
        return {"word_accuracy": max(1.0 - wrong, 0.0)}
