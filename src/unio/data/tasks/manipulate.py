"""`manipulate`: the next small move of a robot's hand.

Raw example (fields ``image``, what is seen now; optionally ``image_history``, earlier views, oldest first;
``instruction``; ``action`` (7,): moves along x y z in [-50, 50], turns about x y z in radians in [-pi, pi],
gripper from 0 (open) to 1 (closed))::

    instruction: "pick up the red ball"   action: (3.0, -12.5, 0.0, 0.0, 0.0, 0.1, 0.0)

Prompt ``[Text] [S] Action space: dPos xyz, dRot xyz, gripper. pick up the red ball <image_input>``, target
seven location pieces in that order (spec section 4, "manipulation").
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.tasks.inputs import IMAGE, InputSpec, text_input
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import POSE_AZIMUTH, ROBOT_POSITION, ValueRange, locations_text, parse_locations

__all__ = ["Manipulate"]

_RANGES = (*(ROBOT_POSITION,) * 3, *(POSE_AZIMUTH,) * 3, ValueRange(0.0, 1.0))


class Manipulate(Task):
    """Metric ``near``: the hand comes near the demonstration's end, and the gripper does the same.

    Near is a fifth of the demonstration's way, at least 1. ``move_error`` is that distance, ``turn_error``
    the mean one in radians. Chance: a fixed move is hardly ever near.
    """

    name = "manipulate"
    group = "embodied AI"
    title = "choose the next small move of a robot's hand"
    inputs = (
        InputSpec(
            name="image_history", kind="images", description="earlier views, oldest first", optional=True
        ),
        IMAGE,
        text_input("instruction", "what to do, such as 'pick up the red ball'"),
    )
    output = TargetModality.TEXT
    metric = "near"
    chance = 0.31
    decoding = DecodingOptions(temperature=0, max_tokens=8, locations=7)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The move as seven locations."""
        action = np.asarray(record["action"], np.float64)
        units = [range_.to_unit(value) for range_, value in zip(_RANGES, action.tolist(), strict=True)]
        return Answer(text=locations_text(units), truth={"action": action})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """``action`` (1, 7) as in the record; no row if unreadable."""
        units = parse_locations(output.text or "")[:7]
        rows = [[range_.from_unit(unit) for range_, unit in zip(_RANGES, units, strict=False)]]
        action = np.array(rows if len(units) == 7 else [], np.float64).reshape(-1, 7)
        told = _describe_move(action[0]) if len(action) else None
        return Prediction(task=self.name, text=output.text, told=told, action=action, source=example.image)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """How far the hand and its turn are from the demonstration's."""
        assert prediction.action is not None, "parse always gives a move"
        wanted: np.ndarray = truth["action"]
        found = prediction.action[0] if len(prediction.action) else np.full(7, np.inf)
        move = float(np.linalg.norm(found[:3] - wanted[:3]))
        reach = max(0.2 * float(np.linalg.norm(wanted[:3])), 1.0)
        same_grip = (found[6] >= 0.5) == (wanted[6] >= 0.5)
        return {
            "near": float(move <= reach and same_grip),
            "move_error": move,
            "turn_error": float(np.abs(found[3:6] - wanted[3:6]).mean()),
        }


def _describe_move(action: Float[np.ndarray, " 7"]) -> str:
    """A hand's move in words, as an action of a record holds it.

    Example: ``"move +3.0 -12.5 +0.0, turn +0.00 +0.00 +0.10 rad, gripper open"``.
    """
    way, turn = action[:3].round(1) + 0.0, action[3:6].round(2) + 0.0  # + 0.0: no minus before a zero
    return (
        f"move {' '.join(f'{value:+.1f}' for value in way)}, "
        f"turn {' '.join(f'{value:+.2f}' for value in turn)} rad, "
        f"gripper {'closed' if action[6] >= 0.5 else 'open'}"
    )
