"""`segment_refer`: the pixels of the one thing that an expression means.

Raw example (fields ``image``, ``expression``, ``mask`` boolean (height, width)). Unlike in ``segment``, the
expression may tell the thing by its place among others::

    expression: "the ball left of the blue box"   mask: True on that ball's pixels

Prompt ``[Image] [S] Segment the one meant: the ball left of the blue box. <image_input>``, target a picture,
white on the thing and black elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.predictions import mask_prediction
from unio.data.tasks.scoring.masks import mask_overlap, mask_picture
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["SegmentRefer"]


class SegmentRefer(Task):
    """Metric ``iou``: intersection over union of the mask. Chance as measured for ``segment``."""

    name = "segment_refer"
    group = "image dense labelling"
    title = "mark the pixels of the thing an expression means"
    inputs = (IMAGE, text_input("expression", "what to mark, such as 'the ball left of the blue box'"))
    output = TargetModality.IMAGE
    metric = "iou"
    chance = 0.04
    decoding = DecodingOptions(top_p=0.97, temperature=0.9)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The mask as a black and white picture."""
        mask = np.asarray(record["mask"], bool)
        return Answer(image=mask_picture(mask), truth={"mask": mask})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """True where the answer is brighter than middle grey."""
        return mask_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Overlap of the masks."""
        assert prediction.mask is not None, "parse always gives a mask"
        return {"iou": mask_overlap(prediction.mask, truth["mask"])}
