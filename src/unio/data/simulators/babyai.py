"""BabyAI's missions to go somewhere (package ``minigrid``, MIT), as walks of the family `navigate`.

An agent in a room of a grid world is told "go to the red ball" and sees the 7 x 7 fields before it. The
mission is fulfilled, and over, when it stands before the thing, as minigrid itself judges; whoever says
"stop" earlier has failed. The expert is BabyAI's own bot (arXiv 1810.08272). Levels are those whose missions
need no more than to walk and turn.
"""

import contextlib
import importlib
import io
from typing import Any

from unio.core import MissingExtraError, random_stream
from unio.data.simulators.trial import Simulator
from unio.data.simulators.world import Action, WorldSplit
from unio.data.tasks.navigate import STEPS
from unio.schema import Picture

__all__ = ["BABYAI", "EARLIER_VIEWS", "LEVELS", "MOST_STEPS", "Mission", "open_mission"]

LEVELS = ("GoToRedBallGrey", "GoToObj", "GoToLocal", "GoToDoor", "GoToObjDoor")
"""Mission number n is of level n modulo five."""

MOST_STEPS = 64
"""As many as minigrid gives for a room of 8 x 8 fields; its bot needs 6 on average."""

EARLIER_VIEWS = 3

TILE = 16
"""Pixels of a field: a view has 112 x 112."""


class Mission:
    """A mission under way."""

    def __init__(self, level: str, seed: int) -> None:
        gymnasium, bots = _load()
        # minigrid prints each layout that it throws away.
        with contextlib.redirect_stdout(io.StringIO()):
            self._environment: Any = gymnasium.make(f"BabyAI-{level}-v0").unwrapped
            self._environment.reset(seed=seed)
        self._bot: Any = bots.BabyAIBot(self._environment)
        self._last: Any = None
        self.level = level
        self.steps = 0
        self.success = False
        self.done = False

    @property
    def instruction(self) -> str:
        """The mission: "go to the red ball"."""
        return str(self._environment.mission)

    @property
    def figures(self) -> dict[str, float]:
        """How many steps it took."""
        return {"steps": float(self.steps)}

    def picture(self) -> Picture:
        """The fields before the agent, which stands in the middle of the lowest row: (112, 112, 3)."""
        view: Picture = self._environment.get_pov_render(tile_size=TILE)
        return view

    def expert(self) -> str:
        """The bot's next step."""
        return str(self._environment.actions(self._bot.replan(self._last)).name)

    def take(self, action: Action | None) -> None:
        """Take the step that is named; words that are none are lost time."""
        self.steps += 1
        step = action.strip().lower() if isinstance(action, str) else ""
        if step == "stop":
            self.done = True
        elif step in STEPS:
            self._last = self._environment.actions[step]
            _, reward, fulfilled, _, _ = self._environment.step(self._last)
            self.success = bool(fulfilled and reward > 0)
        self.done = self.done or self.success or self.steps >= MOST_STEPS


def open_mission(split: WorldSplit, seed: int, index: int) -> Mission:
    """Mission number ``index``. Raises ``MissingExtraError`` without minigrid."""
    drawn = int(random_stream(seed, "babyai", split, index).integers(2**31))
    return Mission(LEVELS[index % len(LEVELS)], drawn)


def _load() -> tuple[Any, Any]:
    """``gymnasium``, which knows minigrid's levels once that is imported, and the module of the bot."""
    try:
        importlib.import_module("minigrid")
        return importlib.import_module("gymnasium"), importlib.import_module("minigrid.utils.baby_ai_bot")
    except ImportError as error:
        raise MissingExtraError("minigrid", extra="babyai") from error


BABYAI = Simulator(
    name="babyai",
    title="walk to what a BabyAI mission names",
    task="navigate",
    earlier_views=EARLIER_VIEWS,
    open_world=open_mission,
)
"""The simulator."""
