"""`detect`: a box and a name for everything in a picture.

Raw example (fields ``image``, ``boxes`` (n, 4) y1 x1 y2 x2 in pixels, ``labels`` n names)::

    boxes: [[12, 30, 60, 71], [80, 5, 101, 33]]   labels: ("red ball", "blue box")

Prompt ``[Text] [S] Find everything in the picture. <image_input>``, target
``<extra_id_..> x 4 red ball <extra_id_..> x 4 blue box``, the things in random order (spec section 4).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_text
from unio.data.tasks.scoring.boxes import distinct_boxes, matched_f1
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction, fit_transform
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import labelled_locations

__all__ = ["Detect"]


class Detect(Task):
    """Metric ``f1``: boxes matched at IoU 0.5 with the right name; ``box_f1`` asks for no name."""

    name = "detect"
    group = "image sparse labelling"
    title = "find everything in a picture: boxes and names"
    inputs = (IMAGE,)
    output = TargetModality.TEXT
    metric = "f1"
    chance = 0.01
    decoding = DecodingOptions(temperature=0, max_tokens=120, location_bias=0.5)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:
        """Boxes, each with its name behind it, in an order that ``rng`` shuffles."""
        boxes, labels = np.asarray(record["boxes"], np.float64), tuple(record["labels"])
        order = rng.permutation(len(labels))
        parts = [f"{box_text(boxes[row], record['image'])} {labels[row]}" for row in order]
        return Answer(text=" ".join(parts), truth={"boxes": boxes, "labels": labels})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """Every group of four locations, with the words behind it; doubles removed at IoU 0.8."""
        assert example.image is not None, "detection is asked about a picture"
        groups = [group for group in labelled_locations(output.text or "") if len(group.values) == 4]
        height, width = example.image.shape[:2]
        transform = fit_transform(height, width, size=max(height, width))
        boxes = transform.boxes_to_original(np.array([group.values for group in groups]).reshape(-1, 4))
        labels = [group.label for group in groups]
        kept = distinct_boxes(boxes, labels)
        return Prediction(
            task=self.name,
            text=output.text,
            boxes=boxes[kept],
            labels=tuple(labels[row] for row in kept),
            source=example.image,
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """F1 with and without names."""
        assert prediction.boxes is not None, "parse always gives boxes"
        nameless = [""] * len(prediction.boxes), [""] * len(truth["boxes"])
        found_labels, wanted_labels = prediction.labels, truth["labels"]
        return {
            name: matched_f1(prediction.boxes, truth["boxes"], found_labels=found, wanted_labels=wanted)
            for name, found, wanted in (("f1", found_labels, wanted_labels), ("box_f1", *nameless))
        }
