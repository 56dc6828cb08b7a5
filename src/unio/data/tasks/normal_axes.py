"""`normal_axes`: surface normals with their axes in another order, or some of them alone.

Raw example (fields of ``normals``, and ``axes``, one of `AXES`)::

    axes: "z, x, y"   red shows z, green x, blue y       axes: "y alone"   grey shows y

Prompt ``[Image] [S] Show the surface normals as z, x, y. <image_input>``, target ``(n + 1) / 2`` of these
axes as RGB, grey where there is no surface.
"""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.predictions import picture_prediction
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["AXES", "NormalAxes"]

_ORDERS = [*permutations((0, 1, 2)), (0, 0, 0), (1, 1, 1), (2, 2, 2)]

AXES: Mapping[str, tuple[int, ...]] = {
    (", ".join("xyz"[axis] for axis in order) if len(set(order)) == 3 else f"{'xyz'[order[0]]} alone"): order
    for order in _ORDERS
}
"""What may be asked for -> the axis that red, green and blue show."""

NEAR = 0.15
"""How far an axis may be off; its range is 2."""


class NormalAxes(Task):
    """Metric ``near``: the share of a surface's pixels all of whose axes are within `NEAR`."""

    name = "normal_axes"
    group = "augmented tasks"
    title = "tell surface normals with their axes in another order, or alone"
    inputs = (IMAGE, text_input("axes", f"one of {'; '.join(AXES)}"))
    output = TargetModality.IMAGE
    metric = "near"
    chance = 0.15
    decoding = DecodingOptions(temperature=0)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The axes as RGB."""
        normals = np.asarray(record["normals"], np.float32)
        shown = np.clip(normals[..., AXES[record["axes"]]], -1, 1)
        surface = np.linalg.norm(normals, axis=2) > 0.5
        image = np.rint((shown + 1) * 127.5).astype(np.uint8)
        return Answer(image=image, truth={"shown": shown, "surface": surface})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture of axes."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Over the pixels that have a surface; all where none has."""
        assert prediction.image is not None, "parse always gives a picture"
        away = np.abs(prediction.image.astype(np.float32) / 127.5 - 1 - truth["shown"]).max(axis=2)
        surface = truth["surface"] if truth["surface"].any() else np.ones_like(truth["surface"])
        return {"near": float((away <= NEAR)[surface].mean()), "error": float(away[surface].mean())}
