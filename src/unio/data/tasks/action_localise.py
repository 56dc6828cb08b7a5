"""`action_localise`: who acts in a video, as a box in its last frame, and what it does.

Raw example (fields ``image_history``, ``image``: its frames, oldest first; ``audio``, ``audio_history`` where
there is sound; ``boxes`` (n, 4) y1 x1 y2 x2 in pixels of the last frame, ``labels`` n deeds)::

    boxes: [[40, 62, 88, 103]]   labels: ("rolling",)

Prompt ``[Text] [S] Find who acts, and say what is done. <image_history_1> .. <image_input>``, target
``<extra_id_..> x 4 rolling``, the actors in random order (spec section 4).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import VIDEO, box_text
from unio.data.tasks.places import square_transform
from unio.data.tasks.scoring.boxes import distinct_boxes, matched_f1
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import labelled_locations

__all__ = ["ActionLocalise"]


class ActionLocalise(Task):
    """Metric ``f1``: boxes matched at IoU 0.5 with the right deed; ``box_f1`` asks for no deed."""

    name = "action_localise"
    group = "video sparse labelling"
    title = "find who acts in a video, and what is done"
    inputs = (VIDEO,)
    output = TargetModality.TEXT
    metric = "f1"
    chance = 0.02
    decoding = DecodingOptions(temperature=0, max_tokens=64, location_bias=0.5)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:
        """Boxes, each with its deed behind it, in an order that ``rng`` shuffles."""
        boxes, labels = np.asarray(record["boxes"], np.float64).reshape(-1, 4), tuple(record["labels"])
        order = rng.permutation(len(labels))
        parts = [f"{box_text(boxes[row], record['image'])} {labels[row]}" for row in order]
        return Answer(text=" ".join(parts), truth={"boxes": boxes, "labels": labels})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """Every group of four locations, with the words behind it; doubles removed at IoU 0.8."""
        assert example.image is not None, "who acts is looked for in frames"
        groups = [group for group in labelled_locations(output.text or "") if len(group.values) == 4]
        rows = np.array([group.values for group in groups]).reshape(-1, 4)
        boxes = square_transform(example.image).boxes_to_original(rows)
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
        """F1 with and without deeds."""
        assert prediction.boxes is not None, "parse always gives boxes"
        nameless = [""] * len(prediction.boxes), [""] * len(truth["boxes"])
        found_labels, wanted_labels = prediction.labels, truth["labels"]
        return {
            name: matched_f1(prediction.boxes, truth["boxes"], found_labels=found, wanted_labels=wanted)
            for name, found, wanted in (("f1", found_labels, wanted_labels), ("box_f1", *nameless))
        }
