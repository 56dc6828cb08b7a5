"""`segment_many`: the pixels of several classes at once, each in the colour asked for.

Raw example (fields ``image``, ``names``: a tuple of at most as many as `MASK_COLOURS`, ``masks`` of these,
boolean (height, width))::

    names: ("ball", "box")   masks: [True on balls, True on boxes]

Prompt ``[Image] [S] Segment ball in red, box in green. <image_input>``, target a picture with the classes in
these colours on black.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.masks import mask_overlap
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, Picture, TargetModality

__all__ = ["MASK_COLOURS", "SegmentMany"]

MASK_COLOURS: Mapping[str, tuple[int, int, int]] = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
}
"""Colours of the first, second, .. class."""


class SegmentMany(Task):
    """Metric ``mean_iou``: intersection over union, the mean of the classes; later ones hide earlier ones."""

    name = "segment_many"
    group = "augmented tasks"
    title = "mark the pixels of several classes, each in its colour"
    inputs = (IMAGE, text_input("classes", "what to mark, such as 'ball in red, box in green'"))
    output = TargetModality.IMAGE
    metric = "mean_iou"
    chance = 0.16
    decoding = DecodingOptions(temperature=0)

    def shown(self, record: Record) -> Record:
        """Names and colours as one text."""
        if "names" not in record:
            return record
        pairs = zip(record["names"], MASK_COLOURS, strict=False)
        return {**record, "classes": ", ".join(f"{name} in {colour}" for name, colour in pairs)}

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The picture; the truth is each pixel's class, counted from 1, 0 for none."""
        masks = [np.asarray(mask, bool) for mask in record["masks"]]
        classes = np.zeros(masks[0].shape, np.int64)
        for number, mask in enumerate(masks, start=1):
            classes[mask] = number
        picture = np.array([(0, 0, 0), *MASK_COLOURS.values()], np.uint8)[classes]
        return Answer(image=picture, truth={"classes": classes, "count": len(masks)})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture of colours."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Every pixel has the class of the colour it is nearest to."""
        assert prediction.image is not None, "parse always gives a picture"
        found, wanted = _classes(prediction.image), truth["classes"]
        overlaps = [
            mask_overlap(found == number, wanted == number) for number in range(1, truth["count"] + 1)
        ]
        return {"mean_iou": float(np.mean(overlaps))}


def _classes(picture: Picture) -> Int[np.ndarray, "height width"]:
    colours = np.array([(0, 0, 0), *MASK_COLOURS.values()], np.int64)
    away = ((picture.astype(np.int64)[..., None, :] - colours) ** 2).sum(axis=-1)
    return away.argmin(axis=-1)
