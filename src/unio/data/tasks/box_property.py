"""`box_property`: a property of the box around what an expression means, or the box in another format.

Raw example (fields ``image``, ``expression``, ``property``, one of `PROPERTIES`, ``box`` y1 x1 y2 x2 in
pixels)::

    expression: "the red ball"   property: "centre"   box: (12, 30, 60, 71)

Prompt ``[Text] [S] Tell the centre of the red ball. <image_input>``, target location pieces: places and
lengths are shares of the padded square, an area is told by the side of a square as large.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.tasks.inputs import IMAGE, InputSpec, text_input
from unio.data.tasks.places import square_transform
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import locations_text, parse_locations

__all__ = ["PROPERTIES", "BoxProperty"]

Box = Float[np.ndarray, " 4"]

PROPERTIES: Mapping[str, Callable[[Box], list[float]]] = {
    "centre": lambda box: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2],
    "width": lambda box: [box[3] - box[1]],
    "height": lambda box: [box[2] - box[0]],
    "area": lambda box: [float(np.sqrt((box[2] - box[0]) * (box[3] - box[1])))],
    "left half": lambda box: [box[0], box[1], box[2], (box[1] + box[3]) / 2],
    "right half": lambda box: [box[0], (box[1] + box[3]) / 2, box[2], box[3]],
    "upper half": lambda box: [box[0], box[1], (box[0] + box[2]) / 2, box[3]],
    "lower half": lambda box: [(box[0] + box[2]) / 2, box[1], box[2], box[3]],
    "box as x1 y1 x2 y2": lambda box: [box[1], box[0], box[3], box[2]],
    "box as y x height width": lambda box: [box[0], box[1], box[2] - box[0], box[3] - box[1]],
    "box as centre and size": lambda box: [
        *((box[:2] + box[2:]) / 2).tolist(),
        *(box[2:] - box[:2]).tolist(),
    ],
}
"""Property -> its numbers, of a box y1 x1 y2 x2 in shares of the square."""

NEAR = 0.03
"""How far a number may be off, in sides of the square."""


class BoxProperty(Task):
    """Metric ``near``: all numbers are there, none off by more than `NEAR`; ``error`` is the largest."""

    name = "box_property"
    group = "augmented tasks"
    title = "tell a property of a thing's box, or the box in another format"
    inputs = (
        IMAGE,
        text_input("expression", "which thing, such as 'the red ball'"),
        InputSpec(
            name="property", kind="text", description=f"one of {', '.join(PROPERTIES)}", field="property"
        ),
    )
    output = TargetModality.TEXT
    metric = "near"
    chance = 0.12
    decoding = DecodingOptions(temperature=0, max_tokens=8)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The numbers as locations."""
        transform = square_transform(record["image"])
        box = transform.boxes_to_fitted(np.asarray(record["box"], np.float64)[None])[0]
        numbers = [float(number) for number in PROPERTIES[record["property"]](box)]
        return Answer(text=locations_text(numbers), truth={"numbers": np.array(numbers)})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer's text, and its numbers in words."""
        numbers = [f"{number:.2f}" for number in parse_locations(output.text or "")]
        told = f"{' '.join(numbers)}, as shares of the square around the picture" if numbers else None
        return replace(text_prediction(output, example), told=told)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """The largest difference of a number; 1 where one is missing or too many."""
        found = parse_locations(prediction.text or "")
        if len(found) != len(truth["numbers"]):
            return {"near": 0.0, "error": 1.0}
        error = float(np.abs(np.array(found) - truth["numbers"]).max())
        return {"near": float(error <= NEAR), "error": error}
