"""`track`: where the thing in a box of a video's first frame is in its last.

Raw example (fields ``image_history``, ``image``: frames of one size, oldest first; ``first_box`` y1 x1 y2 x2
in pixels of the first frame, ``box`` in pixels of the last)::

    first_box: (12, 30, 60, 71)   box: (40, 62, 88, 103)

Prompt ``[Text] [S] Follow <extra_id_293> .. to the last frame. <image_history_1> .. <image_input>``, target
four location pieces.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import SILENT_VIDEO, InputSpec, box_text
from unio.data.tasks.places import parse_boxes
from unio.data.tasks.scoring.boxes import box_overlaps
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Track"]


class Track(Task):
    """Metric ``iou_50``: the box overlaps the true one by at least one half; ``iou`` is the overlap.

    Chance, as for ``refer``, is that of a box elsewhere; the first box itself is right where nothing moves.
    """

    name = "track"
    group = "video sparse labelling"
    title = "follow the thing in a box to a video's last frame"
    inputs = (
        SILENT_VIDEO,
        InputSpec(
            name="box",
            kind="box",
            description="y1, x1, y2, x2 in pixels of the first frame",
            field="first_box",
        ),
    )
    output = TargetModality.TEXT
    metric = "iou_50"
    chance = 0.04
    decoding = DecodingOptions(temperature=0, max_tokens=8, locations=4)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The last box as four locations."""
        box = np.asarray(record["box"], np.float64)
        return Answer(text=box_text(box, record["image"]), truth={"box": box})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The first four locations as a box in pixels of the last frame; no box if there are fewer."""
        assert example.image is not None, "a thing is followed through pictures"
        boxes = parse_boxes(output.text or "", example.image, most=1)
        return Prediction(task=self.name, text=output.text, boxes=boxes, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Overlap of the box, 0 without one."""
        assert prediction.boxes is not None, "parse always gives boxes"
        overlap = float(box_overlaps(prediction.boxes, truth["box"][None]).max(initial=0.0))
        return {"iou_50": float(overlap >= 0.5), "iou": overlap}
