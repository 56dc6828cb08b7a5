"""`camera_pose`: how the camera moved between two views of the same things.

Raw example (fields ``image_history``: the first view alone; ``image``: the second view; ``pose``: changes of
polar angle and azimuth in radians, and of distance in metres, from the first view to the second)::

    pose: (-0.12, 0.65, 0.08)

Prompt ``[Text] [S] How did the camera move? <image_history_1> <image_input>``, target four location pieces:
polar change in [-pi, pi], sine and cosine of the azimuth change, change of distance in [-0.7, 0.7] (spec
section 4, "camera pose").
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import InputSpec
from unio.data.tasks.poses import describe_pose, parse_pose, pose_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["CameraPose"]


class CameraPose(Task):
    """Metric ``within_15``: polar angle and azimuth are both right to 15 degrees."""

    name = "camera_pose"
    group = "image sparse labelling"
    title = "tell how the camera moved between two views"
    inputs = (
        InputSpec(name="image_history", kind="images", description="the first view, as a list of one"),
        InputSpec(name="image", kind="image", description="the second view"),
    )
    output = TargetModality.TEXT
    metric = "within_15"
    chance = 0.16
    decoding = DecodingOptions(temperature=0, max_tokens=8, locations=4)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The change of pose as four locations."""
        pose = np.array([float(value) for value in record["pose"]])
        return Answer(text=pose_text(pose), truth={"pose": pose})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """``pose``: polar and azimuth change in radians, distance change in metres; zeros if unreadable."""
        pose = parse_pose(output.text or "")
        return Prediction(
            task=self.name,
            text=output.text,
            told=describe_pose(pose),
            pose=pose,
            source=example.image,
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Errors in degrees and metres, and whether both angles are right to 15 degrees."""
        assert prediction.pose is not None, "parse always gives a pose"
        polar, azimuth, distance = np.abs(prediction.pose - truth["pose"]).tolist()
        azimuth = min(azimuth % (2 * math.pi), -azimuth % (2 * math.pi))
        errors = math.degrees(polar), math.degrees(azimuth)
        return {
            "within_15": float(max(errors) <= 15),
            "elevation_error": errors[0],
            "azimuth_error": errors[1],
            "distance_error": distance,
        }
