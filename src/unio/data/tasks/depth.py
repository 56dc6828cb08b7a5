"""`depth`: how far every pixel is, in metres, as a grey picture.

Raw example (fields ``image``, ``depth`` float (height, width) in metres along the camera's axis, 0 where
unknown)::

    depth: 1.2 on the ball, 1.9 on the floor behind it

Prompt ``[Image] [S] What is the depth of this picture? <image_input>``, target a grey picture, logarithmic
from black at 0.5 m to white at 10 m, unknown depth white: equal ratios of metres are equal steps of grey,
1.2 % each, so that an error of a grey level costs the same near and far (delta1 asks for ratios).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.tasks.inputs import IMAGE
from unio.data.tasks.predictions import answered_picture
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, Picture, TargetModality

__all__ = ["FAR", "NEAR", "Depth", "depth_to_grey", "grey_to_depth"]

NEAR = 0.5
"""Metres that are black."""

FAR = 10.0
"""Metres that are white."""


class Depth(Task):
    """Metric ``delta1``: share of pixels whose depth is right to a factor of 1.25.

    ``abs_rel`` is the mean relative error; ``within_5`` the share right to 5 %, which tells good from
    middling where all depths are alike.
    """

    name = "depth"
    group = "image dense labelling"
    title = "tell how far every pixel is"
    inputs = (IMAGE,)
    output = TargetModality.IMAGE
    metric = "delta1"
    chance = 0.93
    decoding = DecodingOptions(temperature=0)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The depth as grey; the truth keeps metres."""
        depth = np.asarray(record["depth"], np.float32)
        return Answer(image=depth_to_grey(depth), truth={"depth": depth})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """Grey as metres."""
        return Prediction(
            task=self.name, depth=grey_to_depth(answered_picture(output, example)), source=example.image
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Over pixels of known depth."""
        assert prediction.depth is not None, "parse always gives depth"
        true_depth: Float[np.ndarray, "height width"] = truth["depth"]
        known = true_depth > 0
        ratio: Float[np.ndarray, " known"] = prediction.depth[known] / true_depth[known]
        factor = np.maximum(ratio, 1 / ratio)
        return {
            "delta1": float((factor < 1.25).mean()),
            "abs_rel": float(np.abs(ratio - 1).mean()),
            "within_5": float((factor < 1.05).mean()),
        }


def depth_to_grey(depth: Float[np.ndarray, "height width"]) -> Picture:
    """Metres as a grey picture; beyond the ends they are cut to black or white, 0 (unknown) is white."""
    metres = np.where(depth > 0, depth, FAR)
    level = np.log(np.clip(metres, NEAR, FAR) / NEAR) / np.log(FAR / NEAR)
    return np.repeat(np.rint(level * 255).astype(np.uint8)[..., None], 3, axis=2)


def grey_to_depth(picture: Picture) -> Float[np.ndarray, "height width"]:
    """A grey picture as metres."""
    level = picture.mean(axis=2, dtype=np.float32) / 255
    return (NEAR * (FAR / NEAR) ** level).astype(np.float32)
