"""`next_state`: where a thing will be when a robot has done what it is told.

Raw example (fields ``image``, before; ``instruction``; ``name``, whose place is asked for; ``box`` y1 x1 y2
x2 in pixels: where it is afterwards, seen by the same camera)::

    instruction: "push the red ball to the blue box"   name: "red ball"   box: (40, 62, 88, 103)

Prompt ``[Text] [S] Where will it be after this: push the red ball to the blue box <image_input>``, target
``<extra_id_..> x 4 red ball``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_text, text_input
from unio.data.tasks.places import parse_boxes
from unio.data.tasks.scoring.boxes import box_overlaps
from unio.data.tasks.scoring.words import same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import labelled_locations

__all__ = ["NextState"]


class NextState(Task):
    """Metric ``iou_50``: the box overlaps the true one by at least one half.

    ``iou`` is the overlap; ``named``: the thing that moves is named too.
    """

    name = "next_state"
    group = "embodied AI"
    title = "tell where a thing will be when an instruction is done"
    inputs = (IMAGE, text_input("instruction", "what the robot does now"))
    output = TargetModality.TEXT
    metric = "iou_50"
    chance = 0.03
    decoding = DecodingOptions(temperature=0, max_tokens=24, location_bias=0.5)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The box as four locations, and the name behind it."""
        box = np.asarray(record["box"], np.float64)
        text = f"{box_text(box, record['image'])} {record['name']}"
        return Answer(text=text, truth={"box": box, "name": record["name"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The first four locations as a box in pixels with the words behind; no box if there are fewer."""
        assert example.image is not None, "a state is told from a picture"
        boxes = parse_boxes(output.text or "", example.image, most=1)
        labels = [group.label for group in labelled_locations(output.text or "")][: len(boxes)]
        return Prediction(
            task=self.name, text=output.text, boxes=boxes, labels=tuple(labels), source=example.image
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Overlap of the box, 0 without one, and whether the name is right."""
        assert prediction.boxes is not None, "parse always gives boxes"
        overlap = float(box_overlaps(prediction.boxes, truth["box"][None]).max(initial=0.0))
        named = any(same_text(label, truth["name"]) for label in prediction.labels)
        return {"iou_50": float(overlap >= 0.5), "iou": overlap, "named": float(named)}
