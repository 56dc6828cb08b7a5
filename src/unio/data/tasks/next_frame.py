"""`next_frame`: the frame that follows, from the last one and those before it.

Raw example (fields ``image_history``: earlier frames, oldest first; ``image``: the last frame; ``picture``:
the next one)::

    image_history: 2 frames of a rolling ball   image: the third   picture: the fourth

Prompt ``[Image] [S] What happens next? <image_history_1> <image_history_2> <image_input>``, target the next
frame.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import InputSpec
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.scoring.pictures import change_agreement, signal_to_noise
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["NextFrame"]


class NextFrame(Task):
    """Metric ``motion``: intersection over union of the change that is drawn and the true one.

    Counted in cells, as `change_agreement` does: a copy of the last frame scores 0 unless hardly anything
    moves, another scene nearly so; the mean of many frames is the best blind answer.
    ``noise_gain`` is the gain in signal-to-noise ratio (dB) over that copy.
    """

    name = "next_frame"
    group = "image generation"
    title = "draw the next frame of a video"
    inputs = (
        InputSpec(name="image_history", kind="images", description="earlier frames, oldest first"),
        InputSpec(name="image", kind="image", description="the last frame"),
    )
    output = TargetModality.IMAGE
    metric = "motion"
    chance = 0.08
    decoding = DecodingOptions(top_p=0.95, temperature=0.5, guidance=1.5)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The next frame."""
        return Answer(image=record["picture"], truth={"last": record["image"], "next": record["picture"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The frame, in the size of the last one."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Whether things moved to where they are next."""
        assert prediction.image is not None, "parse always gives a picture"
        last, following = truth["last"], truth["next"]
        gain = signal_to_noise(prediction.image, following) - signal_to_noise(last, following)
        return {
            "motion": change_agreement(prediction.image, before=last, after=following),
            "noise_gain": gain,
        }
