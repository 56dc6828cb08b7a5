"""`segment`: the pixels of the thing that a name or an expression means.

Raw example (fields ``image``, ``expression``, ``mask`` boolean (height, width))::

    expression: "the red ball"   mask: True on the ball's pixels

Prompt ``[Image] [S] Segment the red ball. <image_input>``, target a picture, white on the thing and black
elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.predictions import answered_picture
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Segment"]


class Segment(Task):
    """Metric ``iou``: intersection over union of the mask."""

    name = "segment"
    group = "image dense labelling"
    title = "mark the pixels of a named thing"
    inputs = (IMAGE, text_input("expression", "what to mark, such as 'the red ball'"))
    output = TargetModality.IMAGE
    metric = "iou"
    chance = 0.04
    decoding = DecodingOptions(temperature=0)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The mask as a black and white picture."""
        mask = np.asarray(record["mask"], bool)
        return Answer(image=np.repeat(mask[..., None] * np.uint8(255), 3, axis=2), truth={"mask": mask})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """True where the answer is brighter than middle grey."""
        mask = answered_picture(output, example).mean(axis=2) > 127.5
        return Prediction(task=self.name, mask=mask, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Overlap of the masks; two empty masks agree."""
        assert prediction.mask is not None, "parse always gives a mask"
        shared = np.count_nonzero(prediction.mask & truth["mask"])
        union = np.count_nonzero(prediction.mask | truth["mask"])
        return {"iou": shared / union if union else 1.0}
