"""`refer`: the box of the one thing that an expression means.

Raw example (fields ``image``, ``expression``, ``box`` y1 x1 y2 x2 in pixels)::

    expression: "the ball left of the blue box"   box: (12, 30, 60, 71)

Prompt ``[Text] [S] Find the ball left of the blue box. <image_input>``, target four location pieces.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_text, text_input
from unio.data.tasks.scoring.boxes import box_overlaps
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction, fit_transform
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import parse_locations

__all__ = ["Refer"]


class Refer(Task):
    """Metric ``iou_50``: the box overlaps the true one by at least one half; ``iou`` is the overlap."""

    name = "refer"
    group = "image sparse labelling"
    title = "find the thing an expression means: one box"
    inputs = (IMAGE, text_input("expression", "what to find, such as 'the red ball'"))
    output = TargetModality.TEXT
    metric = "iou_50"
    chance = 0.03
    decoding = DecodingOptions(temperature=0, max_tokens=8, locations=4)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The box as four locations."""
        box = np.asarray(record["box"], np.float64)
        return Answer(text=box_text(box, record["image"]), truth={"box": box})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The first four locations as a box in pixels; no box if there are fewer."""
        assert example.image is not None, "an expression is looked for in a picture"
        height, width = example.image.shape[:2]
        transform = fit_transform(height, width, size=max(height, width))
        values = parse_locations(output.text or "")[:4]
        rows = np.array([values] if len(values) == 4 else []).reshape(-1, 4)
        return Prediction(
            task=self.name,
            text=output.text,
            boxes=transform.boxes_to_original(rows),
            source=example.image,
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Overlap of the box, 0 without one."""
        assert prediction.boxes is not None, "parse always gives boxes"
        overlap = float(box_overlaps(prediction.boxes, truth["box"][None]).max(initial=0.0))
        return {"iou_50": float(overlap >= 0.5), "iou": overlap}
