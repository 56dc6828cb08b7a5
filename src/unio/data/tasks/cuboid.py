"""`cuboid`: the box in space around the thing that an expression means.

Raw example (fields ``image``, ``expression``, ``cuboid``: a `Cuboid` in the camera's frame; ``focal``: the
focal length in pixels)::

    expression: "the red box"   cuboid: centre (0.1, 0.2, 1.6) m, size (0.2, 0.2, 0.3) m

Prompt ``[Text] [S] Find the red box in 3D. <image_input>``, target twelve location pieces (`cuboid_tokens`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.cuboid_tokens import Cuboid, cuboid_text, parse_cuboid
from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.scoring.cuboids import cuboid_overlap
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, Picture, TargetModality

__all__ = ["CuboidTask", "assumed_focal"]


class CuboidTask(Task):
    """Metric ``iou_25``: the boxes overlap in space by a quarter, as Omni3D asks; ``iou`` is the overlap.

    ``centre_error`` is in metres. An answer is read for the true focal length in scoring; a user's picture
    does not tell its own, so that of a lens which sees 53 degrees is assumed, and depth scales with it.
    Chance: a fixed box in space hardly ever meets a thing.
    """

    name = "cuboid"
    group = "image sparse labelling"
    title = "find the box in space around a thing"
    inputs = (IMAGE, text_input("expression", "what to find, such as 'the red box'"))
    output = TargetModality.TEXT
    metric = "iou_25"
    chance = 0.03
    decoding = DecodingOptions(temperature=0, max_tokens=16, locations=12)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The cuboid as twelve locations."""
        height, width = record["image"].shape[:2]
        cuboid: Cuboid = record["cuboid"]
        focal = float(record["focal"])
        text = cuboid_text(cuboid, focal=focal, height=height, width=width)
        return Answer(text=text, truth={"cuboid": cuboid, "focal": focal})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """``corners`` (1, 8, 2) y x in pixels and ``pose`` (15,): centre, size, rotation row by row."""
        assert example.image is not None, "a thing is looked for in a picture"
        height, width = example.image.shape[:2]
        focal = float(example.truth.get("focal", assumed_focal(example.image)))
        found = parse_cuboid(output.text or "", focal=focal, height=height, width=width)
        corners = np.zeros((0, 8, 2))
        pose = told = None
        if found is not None:
            corners = found.project(focal=focal, height=height, width=width)[None]
            pose = np.concatenate([found.centre, found.size, found.rotation.ravel()])
            centre, size = (" ".join(f"{value:.2f}" for value in one) for one in (found.centre, found.size))
            told = f"centre {centre} m, size {size} m"
        return Prediction(
            task=self.name,
            text=output.text,
            told=told,
            corners=corners,
            pose=pose,
            source=example.image,
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Overlap in space; nothing for an answer that cannot be read."""
        if prediction.pose is None:
            return {"iou_25": 0.0, "iou": 0.0, "centre_error": 10.0}
        values = prediction.pose
        found = Cuboid(centre=values[:3], size=values[3:6], rotation=values[6:].reshape(3, 3))
        wanted: Cuboid = truth["cuboid"]
        overlap = cuboid_overlap(found, wanted)
        return {
            "iou_25": float(overlap >= 0.25),
            "iou": overlap,
            "centre_error": float(np.linalg.norm(found.centre - wanted.centre)),
        }


def assumed_focal(picture: Picture) -> float:
    """The focal length in pixels of a lens that sees 53 degrees along the longer side."""
    return float(max(picture.shape[:2]))
