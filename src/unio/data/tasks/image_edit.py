"""`image_edit`: a picture with one thing changed, as an instruction asks.

Raw example (fields ``image``, ``instruction``, ``picture``: the picture afterwards)::

    instruction: "make the red ball blue"   picture: the same scene with a blue ball

Prompt ``[Image] [S] make the red ball blue <image_input>``, target the picture afterwards.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.pictures import coarse_change
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["ImageEdit"]

_EDITED = 0.6
_SPOILT = 0.5


class ImageEdit(Task):
    """Metric ``success``: the edit was made, and little else.

    ``edited``: of what the true edit changes, the part that comes to be as it should; made from 0.6 up.
    ``spoilt``: what was changed besides, as a part of the true edit's area; little up to a half
    (`coarse_change`).
    """

    name = "image_edit"
    group = "image generation"
    title = "change a picture as an instruction asks"
    inputs = (IMAGE, text_input("instruction", "what to change, such as 'make the ball blue'"))
    output = TargetModality.IMAGE
    metric = "success"
    chance = 0.04
    decoding = DecodingOptions(top_p=0.95, temperature=0.7, guidance=1.5)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The picture afterwards."""
        truth = {"before": record["image"], "after": record["picture"]}
        return Answer(image=record["picture"], truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture, in the size of the one that was edited."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """How much of the edit was made and how much else was changed."""
        assert prediction.image is not None, "parse always gives a picture"
        edited, spoilt = coarse_change(prediction.image, before=truth["before"], after=truth["after"])
        success = float(edited >= _EDITED and spoilt <= _SPOILT)
        return {"success": success, "edited": edited, "spoilt": spoilt}
