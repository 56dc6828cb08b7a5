"""`instruct`: an answer to an instruction in words, from text alone.

Raw example (fields ``instruction``, ``response``)::

    instruction: "Name three fruits."   response: "Apples, pears and plums."

Prompt ``[Text] [S] Name three fruits.``, target the response.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, plain_words, same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Instruct"]


class Instruct(Task):
    """Metric ``word_f1``: F1 of the words; ``exact`` asks for the same words in the same order.

    Chance: the playroom's riddles are answered by three words each of few.
    """

    name = "instruct"
    group = "natural language"
    title = "follow an instruction in words"
    inputs = (text_input("instruction", "what to do or to answer"),)
    output = TargetModality.TEXT
    metric = "word_f1"
    chance = 0.22
    decoding = DecodingOptions(temperature=0, max_tokens=512)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The response."""
        return Answer(text=record["response"], truth={"response": record["response"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer's text."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Words in common, and the same words throughout."""
        text = prediction.text or ""
        return {
            "word_f1": bag_f1(plain_words(text), plain_words(truth["response"])),
            "exact": float(same_text(text, truth["response"])),
        }
