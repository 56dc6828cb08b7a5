"""`image_from_segmentation`: a picture whose things lie where a segmentation map has them.

Raw example (fields ``image``, the map: each thing painted flat in the colour of its label;
``description``; ``picture``; ``regions``, integers (height, width): index into ``palette.names`` of the
colour a pixel must show, -1 for background, which must show none, -2 where it does not matter;
``palette``, a `Palette`)::

    description: "a red ball and a blue box"   image: two flat shapes on grey

Prompt ``[Image] [S] Turn the map into a picture: a red ball and a blue box <image_input>``, target the
picture.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Bool, Int

from unio.data.tasks.inputs import InputSpec, text_input
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.colours import Palette
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["BACKGROUND", "UNCOUNTED", "ImageFromSegmentation"]

BACKGROUND = -1
UNCOUNTED = -2


class ImageFromSegmentation(Task):
    """Metric ``area_agrees``: of the things' area, the share that shows the right colour.

    ``background_clear`` is the share of the background that shows no colour at all.
    """

    name = "image_from_segmentation"
    group = "image generation"
    title = "paint a picture over a segmentation map"
    inputs = (
        InputSpec(name="image", kind="image", description="the map, each thing painted flat"),
        text_input("description", "what the picture shows"),
    )
    output = TargetModality.IMAGE
    metric = "area_agrees"
    chance = 0.02
    decoding = DecodingOptions(top_p=0.95)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The picture."""
        truth = {name: record[name] for name in ("regions", "palette")}
        return Answer(image=record["picture"], truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture, in the map's size."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Agreement pixel by pixel."""
        assert prediction.image is not None, "parse always gives a picture"
        palette: Palette = truth["palette"]
        shown = palette.classify(prediction.image)
        wanted: Int[np.ndarray, "height width"] = truth["regions"]
        things: Bool[np.ndarray, "height width"] = wanted >= 0
        background: Bool[np.ndarray, "height width"] = wanted == BACKGROUND
        return {
            "area_agrees": float((shown == wanted)[things].mean()) if things.any() else 1.0,
            "background_clear": float((shown < 0)[background].mean()) if background.any() else 1.0,
        }
