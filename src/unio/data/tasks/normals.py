"""`normals`: which way every surface faces, as a coloured picture.

Raw example (fields ``image``, ``normals`` float (height, width, 3): unit vectors, x right, y up, z towards
the camera, 0 where there is no surface; optionally ``focus``, boolean: pixels of interest)::

    normals: (0, 0.8, 0.6) on the floor

Prompt ``[Image] [S] Estimate the surface normals. <image_input>``, target ``(n + 1) / 2`` as RGB, grey where
there is no surface.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.tasks.inputs import IMAGE
from unio.data.tasks.predictions import answered_picture
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["Normals"]


class Normals(Task):
    """Metric ``median_angle``: median error in degrees of a picture, lower is better.

    ``within_11`` and ``within_22`` are shares of pixels right to 11.25 and 22.5 degrees;
    ``focus_median_angle`` is the median over the pixels of interest (all, where a source names none).
    """

    name = "normals"
    group = "image dense labelling"
    title = "tell which way every surface faces"
    inputs = (IMAGE,)
    output = TargetModality.IMAGE
    metric = "median_angle"
    higher_is_better = False
    chance = 7.5
    decoding = DecodingOptions(temperature=0)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The vectors as RGB."""
        normals = np.asarray(record["normals"], np.float32)
        image = np.rint((np.clip(normals, -1, 1) + 1) * 127.5).astype(np.uint8)
        return Answer(image=image, truth={"normals": normals, "focus": record.get("focus")})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """RGB as unit vectors; middle grey, which has no direction, faces the camera."""
        vectors = answered_picture(output, example).astype(np.float32) / 127.5 - 1
        lengths = np.linalg.norm(vectors, axis=2, keepdims=True)
        towards = np.array([0, 0, 1], np.float32)
        normals = np.where(lengths > 0.05, vectors / np.maximum(lengths, 1e-6), towards)
        return Prediction(task=self.name, normals=normals, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Angles in degrees over the pixels that have a surface."""
        assert prediction.normals is not None, "parse always gives normals"
        true_normals: Float[np.ndarray, "height width 3"] = truth["normals"]
        cosine = np.sum(prediction.normals * true_normals, axis=2)
        angles: Float[np.ndarray, "height width"] = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
        surface = np.linalg.norm(true_normals, axis=2) > 0.5
        focus = surface if truth["focus"] is None else surface & truth["focus"]
        on_surface = angles[surface]
        return {
            "median_angle": float(np.median(on_surface)),
            "within_11": float((on_surface <= 11.25).mean()),
            "within_22": float((on_surface <= 22.5).mean()),
            "focus_median_angle": float(np.median(angles[focus] if focus.any() else on_surface)),
        }
