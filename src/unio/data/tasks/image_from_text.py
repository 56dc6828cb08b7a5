"""`image_from_text`: a picture of what a text describes.

Raw example (fields ``description``, ``picture``; ``colours``, names of those the text asks for;
``palette``, a `Palette` that knows how the source's pictures show each colour; ``min_share`` of the picture
that a colour must fill to be there)::

    description: "a red ball and a blue box"   colours: ("red", "blue")

Prompt ``[Image] [S] a red ball and a blue box``, target the picture.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import text_input
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.colours import Palette
from unio.data.tasks.scoring.words import bag_f1
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ImageFromText"]


class ImageFromText(Task):
    """Metric ``colours_present``: share of the asked colours that are there.

    ``colour_f1`` also counts colours that are there unasked.
    """

    name = "image_from_text"
    group = "image generation"
    title = "draw a picture of what a text describes"
    inputs = (text_input("description", "what to draw"),)
    output = TargetModality.IMAGE
    reader = "caption"
    metric = "colours_present"
    chance = 0.3
    decoding = DecodingOptions(top_p=0.95, guidance=6.0)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The picture."""
        truth = {name: record[name] for name in ("colours", "palette", "min_share")}
        return Answer(image=record["picture"], truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Which of the asked colours fill enough of the picture."""
        assert prediction.image is not None, "parse always gives a picture"
        palette: Palette = truth["palette"]
        shares = palette.shares(prediction.image)
        there = {name for name, share in shares.items() if share >= truth["min_share"]}
        asked = set(truth["colours"])
        present = len(asked & there) / len(asked) if asked else 1.0
        return {"colours_present": present, "colour_f1": bag_f1(there, asked)}
