"""Meta-World's robot arm (package ``metaworld``, MIT; arXiv 1910.10897) as the family `manipulate`.

A Sawyer arm on a table has to open a door, press a button and the like. A move is held for five of the
simulator's steps, a sixteenth of a second: three offsets of the hand of at most 50 mm (x to the right, y away
from the robot, z up), no turns, and the gripper from 0 (open) to 1 (closed). The experts are Meta-World's own
scripted policies, success is its own. Tasks are those whose goal is seen in the picture.
"""

import importlib
import warnings
from functools import cache
from typing import Any

import numpy as np

from unio.core import MissingExtraError, random_stream
from unio.data.simulators.ray_picture import Eye, ray_picture
from unio.data.simulators.trial import Simulator
from unio.data.simulators.world import Action, WorldSplit
from unio.schema import Picture

__all__ = ["INSTRUCTIONS", "METAWORLD", "MOST_MOVES", "MOVES_A_SECOND", "Arm", "open_arm"]

INSTRUCTIONS = {
    "door-open": "open the door",
    "door-close": "close the door",
    "drawer-open": "open the drawer",
    "drawer-close": "close the drawer",
    "button-press": "press the button",
    "button-press-topdown": "press the button from above",
    "window-open": "open the window",
    "window-close": "close the window",
    "handle-press": "press the handle down",
    "coffee-button": "press the button of the coffee machine",
}
"""Meta-World's name of a task -> what is asked. Problem number n is of task n modulo ten."""

MOST_MOVES = 40
"""200 of the simulator's steps; the experts need 24 moves at most."""

MOVES_A_SECOND = 16

HOLD = 5
MILLIMETRES = 10.0
"""How far the simulator moves the hand in one of its steps for an action of 1."""

SIZE = 128
EYE = Eye(position=(0.75, 0.05, 0.75), target=(0.0, 0.65, 0.12))


class Arm:
    """A task under way."""

    def __init__(self, task: str, seed: int) -> None:
        environments, policies = _load()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._environment: Any = environments[f"{task}-v3-goal-observable"](seed=seed)
            self._seen: Any = self._environment.reset()[0]
        self._policy: Any = policies[f"{task}-v3"]()
        self.task = task
        self.moves = 0
        self.success = False

    @property
    def instruction(self) -> str:
        """What is asked: "open the door"."""
        return INSTRUCTIONS[self.task]

    @property
    def done(self) -> bool:
        """Whether it is done or no move is left."""
        return self.success or self.moves >= MOST_MOVES

    @property
    def figures(self) -> dict[str, float]:
        """How many moves it took."""
        return {"moves": float(self.moves)}

    def picture(self) -> Picture:
        """The table and the arm, from above its left shoulder: (128, 128, 3)."""
        return ray_picture(self._environment.model, self._environment.data, EYE, size=SIZE)

    def expert(self) -> np.ndarray:
        """The scripted policy's move (7,): millimetres, no turns, gripper."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that its wishes are cut to [-1, 1], as is done here
            wish = np.clip(np.asarray(self._policy.get_action(self._seen), np.float64), -1, 1)
        return np.array([*(wish[:3] * HOLD * MILLIMETRES), 0.0, 0.0, 0.0, (wish[3] + 1) / 2])

    def take(self, action: Action | None) -> None:
        """Make a move; turns are not made, and an answer that cannot be read leaves the hand as it is."""
        self.moves += 1
        numbers = np.zeros(7) if action is None or isinstance(action, str) else action
        wish = np.array([*(numbers[:3] / (HOLD * MILLIMETRES)), 2 * numbers[6] - 1])
        for _ in range(HOLD):
            self._seen, _, _, _, told = self._environment.step(np.clip(wish, -1, 1).astype(np.float32))
            self.success = bool(told["success"] > 0)
            if self.success:
                return


def open_arm(split: WorldSplit, seed: int, index: int) -> Arm:
    """Problem number ``index``. Raises ``MissingExtraError`` without metaworld."""
    drawn = int(random_stream(seed, "metaworld", split, index).integers(2**31))
    return Arm(list(INSTRUCTIONS)[index % len(INSTRUCTIONS)], drawn)


@cache
def _load() -> tuple[dict[str, Any], dict[str, Any]]:
    """Makers of the environments and of the policies, by name."""
    try:
        environments: Any = importlib.import_module("metaworld.env_dict")
        base: Any = importlib.import_module("metaworld.sawyer_xyz_env")
        policies: Any = importlib.import_module("metaworld.policies")
    except ImportError as error:
        raise MissingExtraError("metaworld", extra="metaworld") from error
    base.SawyerMocapBase.reset_mocap_welds = _reset_welds
    return environments.ALL_V3_ENVIRONMENTS_GOAL_OBSERVABLE, policies.ENV_POLICY_MAP


def _reset_welds(environment: Any) -> None:
    """Meta-World's own function for the eleven numbers of a weld, to which MuJoCo 4 has added one."""
    mujoco: Any = importlib.import_module("mujoco")
    model: Any = environment.model
    for row in np.flatnonzero(np.asarray(model.eq_type) == int(mujoco.mjtEq.mjEQ_WELD)):
        model.eq_data[row, :11] = [0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 5]


METAWORLD = Simulator(
    name="metaworld",
    title="do what Meta-World asks a robot arm to do",
    task="manipulate",
    earlier_views=2,
    open_world=open_arm,
)
"""The simulator."""
