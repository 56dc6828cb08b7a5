"""`sound_localise`: where in a video's last frame is what sounds loudest.

Raw example (fields ``image_history``, ``image``: its frames, oldest first; ``audio``, ``audio_history``: its
sound; ``box`` y1 x1 y2 x2 in pixels of the last frame)::

    box: (40, 62, 88, 103)

Prompt ``[Text] [S] Where does the loudest sound come from? <image_history_1> .. <image_input>
<audio_input>``, target four location pieces.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import VIDEO, box_text
from unio.data.tasks.places import parse_boxes
from unio.data.tasks.scoring.boxes import box_overlaps
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["SoundLocalise"]


class SoundLocalise(Task):
    """Metric ``iou_50``: the box overlaps the true one by at least one half; ``iou`` is the overlap."""

    name = "sound_localise"
    group = "video sparse labelling"
    title = "find what sounds loudest in a video"
    inputs = (VIDEO,)
    output = TargetModality.TEXT
    metric = "iou_50"
    chance = 0.03
    decoding = DecodingOptions(temperature=0, max_tokens=8, locations=4)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The box as four locations."""
        box = np.asarray(record["box"], np.float64)
        return Answer(text=box_text(box, record["image"]), truth={"box": box})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The first four locations as a box in pixels of the last frame; no box if there are fewer."""
        assert example.image is not None, "what sounds is looked for in frames"
        boxes = parse_boxes(output.text or "", example.image, most=1)
        return Prediction(task=self.name, text=output.text, boxes=boxes, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Overlap of the box, 0 without one."""
        assert prediction.boxes is not None, "parse always gives boxes"
        overlap = float(box_overlaps(prediction.boxes, truth["box"][None]).max(initial=0.0))
        return {"iou_50": float(overlap >= 0.5), "iou": overlap}
