"""`keypoints`: where the 17 parts of a person in a box are.

Raw example (fields ``image``, ``box`` of the person in pixels, ``points`` (17, 2) y x in pixels in the order
of `PARTS`, ``known`` boolean (17,): parts that are seen or labelled)::

    points[0]: (31.0, 52.5)   known: all but the ears

Prompt ``[Text] [S] Find the body parts of the person in <extra_id_293> .. . <image_input>``, target
``<y> <x> nose <y> <x> left eye ..``, the known parts in their order (spec section 4). In decoding all 17
names are forced and the locations between them free (spec section 14): a guess costs nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import IMAGE, box_input
from unio.data.tasks.places import point_text, square_transform
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import labelled_locations, location_text

__all__ = ["PARTS", "SPREAD", "Keypoints"]

PARTS = (
    *("nose", "left eye", "right eye", "left ear", "right ear", "left shoulder", "right shoulder"),
    *("left elbow", "right elbow", "left wrist", "right wrist", "left hip", "right hip"),
    *("left knee", "right knee", "left ankle", "right ankle"),
)
"""COCO's parts in COCO's order; left and right are the person's own."""

SPREAD = np.array(
    (
        *(0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062),
        *(0.107, 0.107, 0.087, 0.087, 0.089, 0.089),
    )
)
"""How far apart two people place each part, as COCO measured it: deviation over the size of the person."""

_BLANK = location_text(0.0)


class Keypoints(Task):
    """Metric ``oks``: COCO's object keypoint similarity over the known parts, 1 for no error.

    The person's size is the square root of half its box's area (COCO takes the area of its mask).
    ``within_10`` is the share of known parts within a tenth of the box's longer side. Chance: the parts of
    a person in another picture.
    """

    name = "keypoints"
    group = "image sparse labelling"
    title = "find the body parts of a person in a box"
    inputs = (IMAGE, box_input("y1, x1, y2, x2 in pixels, around the person"))
    output = TargetModality.TEXT
    metric = "oks"
    chance = 0.02
    decoding = DecodingOptions(
        temperature=0, max_tokens=256, form=" ".join(f"{_BLANK} {_BLANK} {part}" for part in PARTS)
    )

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The known parts, each behind its point."""
        points, known = np.asarray(record["points"], np.float64), np.asarray(record["known"], bool)
        parts = [
            f"{point_text(point, record['image'])} {part}"
            for point, part, is_known in zip(points, PARTS, known, strict=True)
            if is_known
        ]
        truth = {"points": points, "known": known, "box": np.asarray(record["box"], np.float64)}
        return Answer(text=" ".join(parts) or "none", truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """``points`` (n, 2) in pixels, named by ``labels``; of a part said twice the first counts."""
        assert example.image is not None, "body parts are looked for in a picture"
        found = {
            group.label: group.values
            for group in reversed(labelled_locations(output.text or ""))
            if group.label in PARTS and len(group.values) == 2
        }
        labels = tuple(part for part in PARTS if part in found)
        fractions = np.array([found[part] for part in labels], np.float64).reshape(-1, 2)
        return Prediction(
            task=self.name,
            text=output.text,
            points=square_transform(example.image).points_to_original(fractions),
            labels=labels,
            source=example.image,
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Similarity over the known parts; a part that was not said counts nothing."""
        assert prediction.points is not None, "parse always gives points"
        known: np.ndarray = truth["known"]
        if not known.any():
            return {"oks": 1.0, "within_10": 1.0}
        found = np.full((len(PARTS), 2), np.inf)
        for point, label in zip(prediction.points, prediction.labels, strict=True):
            found[PARTS.index(label)] = point
        wanted: np.ndarray = truth["points"]
        distances: np.ndarray = np.linalg.norm(found - wanted, axis=1)[known]
        box: np.ndarray = truth["box"]
        sides = box[2:] - box[:2]
        size = float(np.sqrt(np.prod(sides) / 2))
        similarity = np.exp(-(distances**2) / (2 * (2 * SPREAD[known] * size) ** 2))
        return {
            "oks": float(similarity.mean()),
            "within_10": float((distances <= 0.1 * sides.max()).mean()),
        }
