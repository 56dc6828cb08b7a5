"""`bounded_caption`: a caption that keeps a bound of length, word or beginning.

Raw example (fields of ``caption``, and ``bound``)::

    caption: "A red ball and a blue box."   bound: "at most 7 words"
                                                   "with the word blue"
                                                   "beginning with a red"

Prompt ``[Text] [S] Describe the picture, at most 7 words. <image_input>``, target the caption.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.caption import Caption
from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.scoring.words import plain_words
from unio.data.tasks.task import Answer, Record
from unio.media import Prediction

__all__ = ["BoundedCaption", "keeps_bound"]


class BoundedCaption(Caption):
    """Metric ``bounded_f1``: the caption's own score, 0 where the bound is broken; ``kept`` is the bound."""

    name = "bounded_caption"
    group = "augmented tasks"
    title = "describe a picture within a bound of length, word or beginning"
    inputs = (
        IMAGE,
        text_input("bound", "'at most 7 words', 'with the word blue' or 'beginning with a red'"),
    )
    metric = "bounded_f1"
    chance = 0.04

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:
        """The caption; the truth also holds the bound."""
        answer = super().answer(record, rng)
        return Answer(text=answer.text, truth={**answer.truth, "bound": record["bound"]})

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Caption and bound, together and apart."""
        scores = super().score(prediction, truth)
        kept = float(keeps_bound(prediction.text or "", truth["bound"]))
        return {**scores, "bounded_f1": scores["things_f1"] * kept, "kept": kept}


def keeps_bound(text: str, bound: str) -> bool:
    """Whether a text keeps a bound; one of another form than the three is kept by every text.

    Example: ``keeps_bound("A red ball.", "at most 3 words")`` and ``.. "with the word ball"``.
    """
    words = plain_words(text)
    if found := re.fullmatch(r"at most (\d+) words?", bound):
        return 0 < len(words) <= int(found[1])
    if found := re.fullmatch(r"with the word (.+)", bound):
        return plain_words(found[1])[0] in words
    if found := re.fullmatch(r"beginning with (.+)", bound):
        begin = plain_words(found[1])
        return words[: len(begin)] == begin
    return True
