"""`localise`: the boxes of all things of one name.

Raw example (fields ``image``, ``name``, ``boxes`` (n, 4) y1 x1 y2 x2 in pixels, n may be 0)::

    name: "ball"   boxes: [[12, 30, 60, 71], [80, 5, 101, 33]]

Prompt ``[Text] [S] Find every ball. <image_input>``, target the boxes one after the other in random order,
or ``none``. A model that says the name behind each box is understood too.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_text, text_input
from unio.data.tasks.places import parse_boxes
from unio.data.tasks.scoring.boxes import distinct_boxes, matched_f1
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Localise"]


class Localise(Task):
    """Metric ``f1``: boxes matched at IoU 0.5. Chance: ``none`` is right where there is nothing."""

    name = "localise"
    group = "image sparse labelling"
    title = "find everything of one name: boxes"
    inputs = (IMAGE, text_input("name", "what to find, such as 'ball'"))
    output = TargetModality.TEXT
    metric = "f1"
    chance = 0.13
    decoding = DecodingOptions(temperature=0, max_tokens=256, location_bias=0.5)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:
        """The boxes in an order that ``rng`` shuffles."""
        boxes = np.asarray(record["boxes"], np.float64).reshape(-1, 4)
        parts = [box_text(boxes[row], record["image"]) for row in rng.permutation(len(boxes))]
        return Answer(text=" ".join(parts) or "none", truth={"boxes": boxes})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """Every group of four locations; doubles removed at IoU 0.8."""
        assert example.image is not None, "things are looked for in a picture"
        boxes = parse_boxes(output.text or "", example.image)
        kept = distinct_boxes(boxes, [""] * len(boxes))
        return Prediction(task=self.name, text=output.text, boxes=boxes[kept], source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """F1, and whether the number of boxes is right."""
        assert prediction.boxes is not None, "parse always gives boxes"
        found, wanted = prediction.boxes, truth["boxes"]
        return {
            "f1": matched_f1(found, wanted, found_labels=[""] * len(found), wanted_labels=[""] * len(wanted)),
            "count_right": float(len(found) == len(wanted)),
        }
