"""`segment_box`: the pixels of the thing in a box.

Raw example (fields ``image``, ``box`` y1 x1 y2 x2 in pixels, ``mask`` boolean (height, width); optionally
``name``, what the thing is)::

    box: (12, 30, 60, 71)   name: "ball"   mask: True on the ball's pixels

Prompt ``[Image] [S] Segment <extra_id_293> .. ball. <image_input>``, target a picture, white on the thing and
black elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_input, text_input
from unio.data.tasks.predictions import mask_prediction
from unio.data.tasks.scoring.masks import mask_overlap, mask_picture
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["SegmentBox"]


class SegmentBox(Task):
    """Metric ``iou``: intersection over union. Chance: as measured for ``segment``."""

    name = "segment_box"
    group = "image dense labelling"
    title = "mark the pixels of the thing in a box"
    inputs = (
        IMAGE,
        box_input("y1, x1, y2, x2 in pixels, around the thing"),
        text_input("name", "what the thing in the box is", default="thing"),
    )
    output = TargetModality.IMAGE
    metric = "iou"
    chance = 0.03
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
