"""`view_synthesis`: the same things seen from another place.

Raw example (fields ``image``, ``pose``: changes of polar angle and azimuth in radians and of distance in
metres, as in ``camera_pose``; ``picture``, the new view)::

    pose: (-0.12, 0.65, 0.08)

Prompt ``[Image] [S] Show the view after the camera moved by <extra_id_..> x 4. <image_input>``, target the
new view.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, InputSpec
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.pictures import change_agreement, signal_to_noise
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ViewSynthesis"]


class ViewSynthesis(Task):
    """Metric ``change``: intersection over union of what differs between the views and is drawn so.

    Counted in cells, as `change_agreement` does: a copy of the old view scores 0; the mean of many views is
    the best blind answer. ``noise_ratio`` is the signal-to-noise ratio in dB.
    """

    name = "view_synthesis"
    group = "image generation"
    title = "draw what is seen after the camera moved"
    inputs = (
        IMAGE,
        InputSpec(
            name="pose",
            kind="pose",
            description="changes of polar angle and azimuth (radians) and of distance (metres)",
            field="pose",
        ),
    )
    output = TargetModality.IMAGE
    metric = "change"
    chance = 0.23
    decoding = DecodingOptions(top_p=0.95)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The new view."""
        return Answer(image=record["picture"], truth={"old": record["image"], "new": record["picture"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture, in the size of the one given."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """How far the answer is the new view."""
        assert prediction.image is not None, "parse always gives a picture"
        return {
            "change": change_agreement(prediction.image, before=truth["old"], after=truth["new"]),
            "noise_ratio": signal_to_noise(prediction.image, truth["new"]),
        }
