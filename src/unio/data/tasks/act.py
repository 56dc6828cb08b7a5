"""`act`: the push that does what an instruction asks, seen from one picture.

Raw example (fields ``image``, ``instruction``, ``action`` y1 x1 y2 x2 in pixels: where a push begins and
ends; optionally ``succeeds``, which carries an action out where it can be and tells if that did it)::

    instruction: "push the red ball to the blue box"   action: (70, 22, 64, 81)

Prompt ``[Text] [S] push the red ball to the blue box <image_input>``, target four location pieces.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.tasks.inputs import IMAGE, box_text, text_input
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction, fit_transform
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import parse_locations

__all__ = ["Act"]

Succeeds = Callable[[Float[np.ndarray, " 4"]], bool]


class Act(Task):
    """Metric ``success``: the action, carried out, does what was asked.

    Where a source cannot carry it out, both ends must lie within a tenth of the picture of the
    demonstration's (``near``). Several actions, each after a new look, are the source's to run.
    """

    name = "act"
    group = "embodied AI"
    title = "choose the push that an instruction asks for"
    inputs = (IMAGE, text_input("instruction", "what to do, such as 'push the red ball to the blue box'"))
    output = TargetModality.TEXT
    metric = "success"
    chance = 0.1
    decoding = DecodingOptions(temperature=0, max_tokens=8, locations=4)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """Start and end of the push as four locations."""
        action = np.asarray(record["action"], np.float64)
        truth = {"action": action, "size": max(record["image"].shape), "succeeds": record.get("succeeds")}
        return Answer(text=box_text(action, record["image"]), truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """``action`` (1, 4): y1 x1 y2 x2 in pixels of the picture; no row if unreadable."""
        assert example.image is not None, "an action is chosen by looking at a picture"
        height, width = example.image.shape[:2]
        transform = fit_transform(height, width, size=max(height, width))
        values = parse_locations(output.text or "")[:4]
        rows = np.array([values] if len(values) == 4 else []).reshape(-1, 4)
        return Prediction(
            task=self.name,
            text=output.text,
            action=transform.boxes_to_original(rows),
            source=example.image,
        )

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Success of the one action, and how far its ends are from the demonstration's (in pictures)."""
        assert prediction.action is not None, "parse always gives an action"
        if len(prediction.action) == 0:
            return {"success": 0.0, "near": 0.0, "start_error": 1.0, "end_error": 1.0}
        action = prediction.action[0]
        errors = np.linalg.norm((action - truth["action"]).reshape(2, 2), axis=1) / truth["size"]
        near = float(errors.max() <= 0.1)
        succeeds: Succeeds | None = truth["succeeds"]
        return {
            "success": near if succeeds is None else float(succeeds(action)),
            "near": near,
            "start_error": float(errors[0]),
            "end_error": float(errors[1]),
        }
