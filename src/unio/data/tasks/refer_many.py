"""`refer_many`: the boxes of several expressions at once.

Raw example (fields ``image``, ``expressions``: a tuple, ``boxes`` (n, 4) y1 x1 y2 x2 in pixels, in that
order)::

    expressions: ("the red ball", "the blue box")   boxes: [[12, 30, 60, 71], [80, 5, 101, 33]]

Prompt ``[Text] [S] Find each of these: the red ball; the blue box <image_input>``, target a box for each in
the same order.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_text, text_input
from unio.data.tasks.places import parse_boxes
from unio.data.tasks.scoring.boxes import box_overlaps
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ReferMany"]


class ReferMany(Task):
    """Metric ``iou_50``: the share of expressions whose box overlaps the true one by one half."""

    name = "refer_many"
    group = "augmented tasks"
    title = "find the things of several expressions: a box each"
    inputs = (IMAGE, text_input("expressions", "what to find, semicolons between"))
    output = TargetModality.TEXT
    metric = "iou_50"
    chance = 0.02
    decoding = DecodingOptions(temperature=0, max_tokens=128)

    def shown(self, record: Record) -> Record:
        """The expressions as one text."""
        given = record["expressions"]
        return {**record, "expressions": given if isinstance(given, str) else "; ".join(given)}

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The boxes, one after the other."""
        boxes = np.asarray(record["boxes"], np.float64)
        text = " ".join(box_text(box, record["image"]) for box in boxes)
        return Answer(text=text, truth={"boxes": boxes})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """Every group of four locations, in order."""
        assert example.image is not None, "expressions are looked for in a picture"
        boxes = parse_boxes(output.text or "", example.image)
        return Prediction(task=self.name, text=output.text, boxes=boxes, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Box by box; one that is missing overlaps nothing."""
        assert prediction.boxes is not None, "parse always gives boxes"
        pairs = zip(prediction.boxes, truth["boxes"], strict=False)
        overlaps = [float(box_overlaps(found[None], wanted[None]).max()) for found, wanted in pairs]
        count = len(truth["boxes"])
        return {
            "iou_50": sum(overlap >= 0.5 for overlap in overlaps) / count,
            "iou": sum(overlaps) / count,
        }
