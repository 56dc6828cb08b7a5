"""`point`: a point on the one thing that an expression means.

Raw example (fields ``image``, ``expression``, ``point`` y x in pixels, ``mask`` boolean (height, width))::

    expression: "the red ball"   point: (36.0, 50.5)

Prompt ``[Text] [S] Point at the red ball. <image_input>``, target two location pieces, y x.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.places import parse_points, point_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Point"]


class Point(Task):
    """Metric ``inside``: the point lies on the thing; ``distance`` is that to the true point, in pictures.

    Chance: the best fixed point lies in the middle, where things are more often.
    """

    name = "point"
    group = "image sparse labelling"
    title = "point at the thing an expression means"
    inputs = (IMAGE, text_input("expression", "what to point at, such as 'the red ball'"))
    output = TargetModality.TEXT
    metric = "inside"
    chance = 0.11
    decoding = DecodingOptions(temperature=0, max_tokens=4, locations=2)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The point as two locations."""
        point = np.asarray(record["point"], np.float64)
        truth = {"point": point, "mask": np.asarray(record["mask"], bool)}
        return Answer(text=point_text(point, record["image"]), truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The first two locations as a point in pixels; no point if there are fewer."""
        assert example.image is not None, "one points at something in a picture"
        points = parse_points(output.text or "", example.image, most=1)
        return Prediction(task=self.name, text=output.text, points=points, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Whether the point is on the thing."""
        assert prediction.points is not None, "parse always gives points"
        mask: np.ndarray = truth["mask"]
        if len(prediction.points) == 0:
            return {"inside": 0.0, "distance": 1.0}
        y, x = prediction.points[0]
        inside = mask[min(int(y), mask.shape[0] - 1), min(int(x), mask.shape[1] - 1)]
        distance = np.linalg.norm(prediction.points[0] - truth["point"]) / max(mask.shape)
        return {"inside": float(inside), "distance": float(distance)}
