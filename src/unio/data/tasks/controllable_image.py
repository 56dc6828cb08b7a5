"""`controllable_image`: a picture that keeps to a map of edges, depth or the like.

Raw example (fields ``image``, the map as a picture; ``control``, what kind of map it is: "edges", "depth",
"normals", "scribble", "boxes" ..; ``description``; ``picture``)::

    control: "edges"   description: "a red ball and a blue box"

Prompt ``[Image] [S] Make a picture from these edges: a red ball and a blue box <image_input>``, target the
picture. For maps of painted areas see ``image_from_segmentation``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, InputSpec, text_input
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.pictures import edge_agreement, signal_to_noise
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ControllableImage"]


class ControllableImage(Task):
    """Metric ``structure``: correlation of the answer's edges with those of the true picture, at least 0.

    It does not ask for the same colours, which the map does not tell. Chance: the map handed
    back, whose edges are the picture's own.
    """

    name = "controllable_image"
    group = "image generation"
    title = "draw a picture that keeps to a map of edges, depth or the like"
    inputs = (
        IMAGE,
        text_input("description", "what the picture shows"),
        InputSpec(
            name="control",
            kind="text",
            description="what kind of map it is, such as edges, depth or normals",
            field="control",
            default="edges",
        ),
    )
    output = TargetModality.IMAGE
    metric = "structure"
    chance = 0.62
    decoding = DecodingOptions(top_p=0.95)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The picture."""
        return Answer(image=record["picture"], truth={"picture": record["picture"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture, in the map's size."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Edges in place, and the signal-to-noise ratio in dB."""
        assert prediction.image is not None, "parse always gives a picture"
        return {
            "structure": edge_agreement(prediction.image, truth["picture"]),
            "noise_ratio": signal_to_noise(prediction.image, truth["picture"]),
        }
