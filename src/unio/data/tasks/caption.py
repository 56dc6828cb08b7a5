"""`caption`: a sentence that says what a picture shows.

Raw example (fields ``image``, ``caption``; from sources that know them ``things``, the (adjective, noun)
pairs to name, each as often as it is there; ``adjectives`` and ``nouns``, all words such pairs are made of)::

    caption: "A red rubber ball and a blue metal box."   things: [("red", "ball"), ("blue", "box")]

Prompt ``[Text] [S] Describe the picture. <image_input>``, target the caption.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import bag_f1, named_things, plain_words
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Caption"]


class Caption(Task):
    """Metric ``things_f1``: F1 of the named (adjective, noun) pairs; ``word_f1`` compares all words.

    Where a source does not list its things, all words stand for them.
    """

    name = "caption"
    group = "image understanding"
    title = "describe a picture in a sentence"
    inputs = (IMAGE,)
    output = TargetModality.TEXT
    metric = "things_f1"
    chance = 0.09
    decoding = DecodingOptions(temperature=0, max_tokens=80)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The caption; the truth also holds what it ought to name."""
        caption = record["caption"]
        if "things" not in record:
            return Answer(text=caption, truth={"caption": caption})
        names = ("caption", "things", "adjectives", "nouns")
        return Answer(text=caption, truth={name: record[name] for name in names})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The sentence."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """How well the named things, and all words, agree."""
        text = prediction.text or ""
        word_f1 = bag_f1(plain_words(text), plain_words(truth["caption"]))
        if "things" not in truth:
            return {"things_f1": word_f1, "word_f1": word_f1}
        named = named_things(text, adjectives=truth["adjectives"], nouns=truth["nouns"])
        return {"things_f1": bag_f1(named, truth["things"]), "word_f1": word_f1}
