"""`normal_at`: which way the surface at a point faces.

Raw example (fields ``image``, ``point`` y x in pixels, ``normal``: a unit vector, x right, y up, z towards
the camera)::

    point: (36.0, 50.5)   normal: (0.0, 0.8, 0.6)

Prompt ``[Text] [S] Which way does the surface at <extra_id_..> <extra_id_..> face? <image_input>``, target
three location pieces: x, y and z, each from -1 to 1.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, InputSpec
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import POSE_DIRECTION, locations_text, parse_locations

__all__ = ["NormalAt"]

NEAR_DEGREES = 22.5


class NormalAt(Task):
    """Metric ``within_22``: the angle is at most 22.5 degrees; ``angle`` is it, 180 without an answer.

    Chance: most points lie on the floor, whose normal hardly changes.
    """

    name = "normal_at"
    group = "augmented tasks"
    title = "tell which way the surface at a point faces"
    inputs = (
        IMAGE,
        InputSpec(name="point", kind="point", description="y, x in pixels: where", field="point"),
    )
    output = TargetModality.TEXT
    metric = "within_22"
    chance = 0.59
    decoding = DecodingOptions(temperature=0, max_tokens=6, locations=3)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The vector as three locations."""
        normal = np.asarray(record["normal"], np.float64)
        text = locations_text([POSE_DIRECTION.to_unit(float(value)) for value in normal])
        return Answer(text=text, truth={"normal": normal})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer's text, and the direction in words."""
        found = _direction(output.text)
        told = None
        if found:
            shown = np.round(found, 2) + 0.0  # no minus before a zero
            told = "x {:+.2f} (right), y {:+.2f} (up), z {:+.2f} (to the camera)".format(*shown)
        return replace(text_prediction(output, example), told=told)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """The angle in degrees between the answer and the truth."""
        vector = np.array(_direction(prediction.text))
        length = float(np.linalg.norm(vector))
        if length < 1e-6:
            return {"within_22": 0.0, "angle": 180.0}
        cosine = float(np.clip(vector @ truth["normal"] / length, -1, 1))
        angle = float(np.degrees(np.arccos(cosine)))
        return {"within_22": float(angle <= NEAR_DEGREES), "angle": angle}


def _direction(text: str | None) -> list[float]:
    """The three numbers of an answer; none of one that cannot be read."""
    numbers = [POSE_DIRECTION.from_unit(unit) for unit in parse_locations(text or "")[:3]]
    return numbers if len(numbers) == 3 else []
