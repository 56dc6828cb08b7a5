"""`inpaint`: a picture with a hole in it, made whole.

Raw example (fields ``image``, the WHOLE picture; ``box`` y1 x1 y2 x2 in pixels; ``description``, what belongs
into the box). The task itself blanks the box with middle grey before the model is shown the picture::

    box: (12, 30, 60, 71)   description: "a red ball"

Prompt ``[Image] [S] Fill <extra_id_293> .. with a red ball. <image_input>``, target the whole picture.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_input, text_input
from unio.data.tasks.places import parse_boxes
from unio.data.tasks.predictions import answered_picture
from unio.data.tasks.scoring.pictures import change_agreement, signal_to_noise
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, Picture, TargetModality

__all__ = ["BLANK", "Inpaint", "blanked", "box_region"]

BLANK = 128
"""The grey of what is to be filled."""


class Inpaint(Task):
    """Metric ``filled``: intersection over union of what stands out in the box and what is painted so.

    As `change_agreement` counts it, in cells, from a box in the plain colour of the rest of the picture: that
    scores 0, the mean of many pictures 0.10, and a box left grey, as dark as many things, 0.28.
    ``noise_ratio`` is the signal-to-noise ratio in dB inside the box.
    """

    name = "inpaint"
    group = "image generation"
    title = "fill a box of a picture"
    inputs = (
        IMAGE,
        box_input("y1, x1, y2, x2 in pixels: what to paint anew"),
        text_input("description", "what belongs into the box", default="what belongs there"),
    )
    output = TargetModality.IMAGE
    metric = "filled"
    chance = 0.28
    decoding = DecodingOptions(top_p=0.95)

    def shown(self, record: Record) -> Record:
        """The picture with the box blanked."""
        return {**record, "image": blanked(record["image"], record["box"])}

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The whole picture; the truth also keeps the box."""
        whole: Picture = record["image"]
        return Answer(image=whole, truth={"whole": whole, "box": np.asarray(record["box"], np.float64)})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The given picture with the answer in its box: what was not asked for stays as it was.

        The box is read from the prompt, which names it first.
        """
        assert example.image is not None, "a hole is filled in a picture"
        painted = answered_picture(output, example)
        whole = example.image.copy()
        for box in parse_boxes(example.prompt, example.image, most=1):
            touched = np.zeros(whole.shape[:2], bool)
            touched[box_region(box, whole)] = True
            # Locations are rounded to a thousandth, so the hole's edge is where the grey ends.
            hole = _dilated(touched) & (whole == BLANK).all(axis=2)
            whole = np.where(hole[..., None], painted, whole)
        return Prediction(task=self.name, image=whole, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Inside the box alone."""
        assert prediction.image is not None, "parse always gives a picture"
        whole = truth["whole"]
        region = box_region(truth["box"], whole)
        return {
            "filled": change_agreement(prediction.image, before=_plainly_filled(whole, region), after=whole),
            "noise_ratio": signal_to_noise(prediction.image[region], whole[region]),
        }


def blanked(picture: Picture, box: Any) -> Picture:
    """The picture with the pixels of a box (y1 x1 y2 x2, part pixels included) middle grey."""
    holed = np.array(picture)
    holed[box_region(box, picture)] = BLANK
    return holed


def _plainly_filled(picture: Picture, region: tuple[slice, slice]) -> Picture:
    """The picture with a region in the median colour of the rest; grey if there is no rest."""
    rest = np.ones(picture.shape[:2], bool)
    rest[region] = False
    filled = np.array(picture)
    filled[region] = np.median(picture[rest], axis=0) if rest.any() else BLANK
    return filled


def box_region(box: Any, picture: Picture) -> tuple[slice, slice]:
    """Rows and columns that a box touches."""
    y1, x1, y2, x2 = (float(edge) for edge in box)
    height, width = picture.shape[:2]
    rows = slice(max(math.floor(y1), 0), min(math.ceil(y2), height))
    return rows, slice(max(math.floor(x1), 0), min(math.ceil(x2), width))


def _dilated(hole: np.ndarray, steps: int = 2) -> np.ndarray:
    """The mask grown by ``steps`` pixels in each direction."""
    grown = hole.copy()
    for axis in (0, 1):
        for shift in range(-steps, steps + 1):
            moved = np.roll(hole, shift, axis=axis)
            grown |= moved
    return grown
