"""`audio_from_text`: the sound of what a text describes.

Raw example (fields ``description``, ``sound``; ``label``, what must be heard in it; ``judge``, a function
from a sound to a label that the source has fitted on true sounds)::

    description: "a large metal ball falls on the floor"   label: "metal"

Prompt ``[Audio] [S] a large metal ball falls on the floor``, target the sound.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import text_input
from unio.data.tasks.predictions import sound_prediction
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality, Waveform

__all__ = ["AudioFromText"]


class AudioFromText(Task):
    """Metric ``accuracy``: the judge hears the right label."""

    name = "audio_from_text"
    group = "audio generation"
    title = "make the sound of what a text describes"
    inputs = (text_input("description", "what is to be heard"),)
    output = TargetModality.AUDIO
    reader = "audio_caption"
    metric = "accuracy"
    chance = 0.25
    decoding = DecodingOptions(top_p=0.95, guidance=2.0)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The sound."""
        return Answer(audio=record["sound"], truth={"label": record["label"], "judge": record["judge"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The sound."""
        return sound_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 if the judge hears the label."""
        assert prediction.audio is not None, "parse always gives a sound"
        judge: Callable[[Waveform], str] = truth["judge"]
        return {"accuracy": float(judge(prediction.audio) == truth["label"])}
