"""`audio_caption`: a sentence that says what is heard.

Raw example (fields ``audio``, ``caption``; ``facts``, words the caption must hold; ``words``, all words of
their kind, of which no other may be there)::

    caption: "Something large of metal falls and hits the floor 3 times."
    facts: ("large", "metal")   words: ("small", "large", "rubber", "wood", "metal", "glass")

Prompt ``[Text] [S] Describe the sound. <audio_input>``, target the caption.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import AUDIO
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, plain_words
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["AudioCaption"]


class AudioCaption(Task):
    """Metric ``facts_f1``: F1 of the telling words; ``word_f1`` compares all words."""

    name = "audio_caption"
    group = "audio understanding"
    title = "describe a sound in a sentence"
    inputs = (AUDIO,)
    output = TargetModality.TEXT
    metric = "facts_f1"
    chance = 0.4
    decoding = DecodingOptions(temperature=0, max_tokens=48)

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
        words = plain_words(prediction.text or "")
        told = {word for word in words if word in truth["words"]}
        return {
            "facts_f1": bag_f1(told, set(truth["facts"])),
            "word_f1": bag_f1(words, plain_words(truth["caption"])),
        }
