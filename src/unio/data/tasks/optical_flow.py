"""`optical_flow`: how far everything has moved between two pictures.

Raw example (fields ``image_history``: the first picture alone; ``image``: the second; ``flow`` float (height,
width, 2): how many pixels down and across what is seen at a pixel of the second has moved since the first)::

    flow: (0, -12) on a ball that rolls to the left, 0 elsewhere

Prompt ``[Image] [S] How has everything moved? <image_history_1> <image_input>``, target a picture: red is the
way across, green the way down, from -1/4 (0) over none (127.5) to +1/4 (255) of the longer side; blue 128.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.tasks.inputs import InputSpec
from unio.data.tasks.predictions import answered_picture
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, Picture, TargetModality

__all__ = ["REACH", "OpticalFlow", "flow_to_picture", "picture_to_flow"]

REACH = 0.25
"""The longest way that is told, in sides of the picture."""

_STILL = 0.01
"""Ways shorter than this share of the longer side are none."""


class OpticalFlow(Task):
    """Metric ``close``: of the pixels that move, the share whose way is right to half its own length.

    No motion at all scores 0. ``still`` is the share of resting pixels that rest in the answer, too;
    ``endpoint_error`` the mean error over all pixels in hundredths of the longer side.
    """

    name = "optical_flow"
    group = "image dense labelling"
    title = "tell how everything moved between two pictures"
    inputs = (
        InputSpec(name="image_history", kind="images", description="the first picture, as a list of one"),
        InputSpec(name="image", kind="image", description="the second picture"),
    )
    output = TargetModality.IMAGE
    metric = "close"
    chance = 0.02
    decoding = DecodingOptions(temperature=0)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The ways as colours; the truth keeps pixels."""
        flow = np.asarray(record["flow"], np.float32)
        return Answer(image=flow_to_picture(flow), truth={"flow": flow})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """``flow`` (height, width, 2) in pixels down and across."""
        return Prediction(
            task=self.name, flow=picture_to_flow(answered_picture(output, example)), source=example.image
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Moving and resting pixels apart."""
        assert prediction.flow is not None, "parse always gives flow"
        wanted: Float[np.ndarray, "height width 2"] = truth["flow"]
        side = max(wanted.shape[:2])
        length = np.linalg.norm(wanted, axis=2)
        error = np.linalg.norm(prediction.flow - wanted, axis=2)
        moves = length > _STILL * side
        rests = np.linalg.norm(prediction.flow, axis=2) <= _STILL * side
        return {
            "close": float((error <= length / 2)[moves].mean()) if moves.any() else 1.0,
            "still": float(rests[~moves].mean()) if not moves.all() else 1.0,
            "endpoint_error": float(error.mean() / side * 100),
        }


def flow_to_picture(flow: Float[np.ndarray, "height width 2"]) -> Picture:
    """Ways in pixels (down, across) as colours; longer ones than `REACH` are cut to it."""
    level = np.clip(flow / (REACH * max(flow.shape[:2])), -1, 1)
    colours = np.rint((level[..., ::-1] + 1) * 127.5)
    blue = np.full((*flow.shape[:2], 1), 128)
    return np.concatenate([colours, blue], axis=2).astype(np.uint8)


def picture_to_flow(picture: Picture) -> Float[np.ndarray, "height width 2"]:
    """The way back."""
    level = picture[..., 1::-1].astype(np.float32) / 127.5 - 1
    return level * np.float32(REACH * max(picture.shape[:2]))
