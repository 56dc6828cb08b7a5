"""`pick_place`: what to pick up where and where to put it, all steps at once.

Raw example (fields ``image``, ``instruction``, ``steps`` (n, 6): pick y x r, place y x r, places in pixels, r
the gripper's turn in radians; optionally ``succeeds``, which carries steps out and tells if that did it)::

    instruction: "put the red ball into the tray"   steps: [[70, 22, 0.0, 64, 81, 1.57]]

Prompt ``[Text] [S] Pick and place: put the red ball into the tray <image_input>``, target
``pick from ( <y> <x> <r> ) and place to ( <y> <x> <r> )``, steps joined by ``then`` (spec section 4).
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.tasks.inputs import IMAGE, text_input
from unio.data.tasks.places import point_text, square_transform
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, Picture, TargetModality
from unio.vocab import CUBOID_ANGLE, location_text, parse_locations

__all__ = ["PickPlace", "read_steps", "steps_text"]

_STEP = re.compile(r"pick from \(([^)]*)\) and place to \(([^)]*)\)")

Succeeds = Callable[[Float[np.ndarray, "steps 6"]], bool]


class PickPlace(Task):
    """Metric ``success``: the steps, carried out, do what was asked.

    Where a source cannot carry them out, as many steps are wanted as the demonstration has, every place
    within a twentieth of the picture of the demonstration's (``near``; the turns are not compared).
    """

    name = "pick_place"
    group = "embodied AI"
    title = "choose what to pick up where and where to put it"
    inputs = (IMAGE, text_input("instruction", "what to do, such as 'put the red ball into the tray'"))
    output = TargetModality.TEXT
    metric = "success"
    chance = 0.02
    decoding = DecodingOptions(temperature=0, max_tokens=256)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """All steps as one text."""
        steps = np.asarray(record["steps"], np.float64).reshape(-1, 6)
        truth = {"steps": steps, "size": max(record["image"].shape), "succeeds": record.get("succeeds")}
        return Answer(text=steps_text(steps, record["image"]), truth=truth)

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """``action`` (n, 6) as in the record; steps that cannot be read are left out."""
        assert example.image is not None, "things are picked up in a picture"
        steps = read_steps(output.text or "", example.image)
        return Prediction(task=self.name, text=output.text, action=steps, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Success, and whether all places are near the demonstration's."""
        assert prediction.action is not None, "parse always gives steps"
        steps, wanted = prediction.action, truth["steps"]
        near = 0.0
        if len(steps) == len(wanted):
            errors = (steps - wanted)[:, [0, 1, 3, 4]].reshape(-1, 2)
            near = float((np.linalg.norm(errors, axis=1) <= 0.05 * truth["size"]).all())
        succeeds: Succeeds | None = truth["succeeds"]
        return {"success": near if succeeds is None else float(succeeds(steps)), "near": near}


def steps_text(steps: Float[np.ndarray, "steps 6"], picture: Picture) -> str:
    """Steps in pixels and radians as the words that the model says."""
    parts = [
        f"pick from ( {_grip(step[:3], picture)} ) and place to ( {_grip(step[3:], picture)} )"
        for step in steps
    ]
    return " then ".join(parts)


def read_steps(text: str, picture: Picture) -> Float[np.ndarray, "steps 6"]:
    """The way back."""
    transform = square_transform(picture)
    steps: list[list[float]] = []
    for grips in _STEP.findall(text):
        values = [parse_locations(grip) for grip in grips]
        if any(len(one) != 3 for one in values):
            continue
        step: list[float] = []
        for y, x, turn in values:
            place = transform.points_to_original(np.array([[y, x]]))[0]
            step += [float(place[0]), float(place[1]), CUBOID_ANGLE.from_unit(turn)]
        steps.append(step)
    return np.array(steps, np.float64).reshape(-1, 6)


def _grip(grip: Float[np.ndarray, " 3"], picture: Picture) -> str:
    turn = float(grip[2]) % (2 * math.pi)
    return f"{point_text(grip[:2], picture)} {location_text(CUBOID_ANGLE.to_unit(turn))}"
