"""`DemonstrationShards`: what simulators' experts do, as films with actions in the LeRobot v3 format."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from unio.core import ConfigError
from unio.data.simulators import SIMULATORS, WorldSplit
from unio.data.simulators.metaworld import MOVES_A_SECOND, Arm, open_arm
from unio.data.simulators.metaworld import SIZE as ARM_SIZE
from unio.data.simulators.pusht import SIZE as TABLE_SIZE
from unio.data.simulators.pusht import PushedT, open_pusht
from unio.data.sources.lerobot import PUSH_NAMES
from unio.data.writers.lerobot_folder import Film, LeRobotFolder
from unio.data.writers.lerobot_tables import Episode
from unio.data.writers.shards import Plan
from unio.schema import Picture

__all__ = ["FOLDERS", "DemonstrationShards", "arm_films", "push_films"]

MILLIMETRES = 1000.0
"""LeRobot's actions are in metres."""

FOLDERS = {
    "metaworld": LeRobotFolder(
        robot="sawyer",
        action_names=("x", "y", "z", "roll", "pitch", "yaw", "gripper"),
        size=ARM_SIZE,
        frames_per_second=MOVES_A_SECOND,
    ),
    "pusht": LeRobotFolder(robot="pusht", action_names=PUSH_NAMES, size=TABLE_SIZE, frames_per_second=10),
}
"""Simulator -> the format of its episodes."""


def arm_films(arm: Arm) -> Iterator[Film]:
    """One film: the picture before each of the expert's moves, and the end, at which it stays where it is.

    Nothing of a problem that it does not solve.
    """
    frames: list[Picture] = []
    actions: list[list[float]] = []
    while not arm.done:
        frames.append(arm.picture())
        move = arm.expert()
        actions.append([*(move[:3] / MILLIMETRES).tolist(), *move[3:].tolist()])
        arm.take(move)
    if arm.success:
        frames.append(arm.picture())
        actions.append([*[0.0] * 6, actions[-1][6]])
        yield Film(frames=frames, episode=Episode(instruction=arm.instruction, actions=actions))


def push_films(table: PushedT) -> Iterator[Film]:
    """A film for each of the expert's pushes; frame 0 shows the table before the pusher is set down."""
    while not table.done:
        before = table.picture()
        action = table.expert()
        table.film = [before]
        table.take(action)
        frames, table.film = table.film, None
        actions = [(action / TABLE_SIZE).tolist()] * len(frames)
        yield Film(frames=frames, episode=Episode(instruction=table.instruction, actions=actions))


@dataclass(frozen=True, kw_only=True)
class DemonstrationShards:
    """Problems of ``metaworld`` or ``pusht``, solved by its expert; an entry is a problem.

    Raises ``ConfigError`` for another simulator.
    """

    simulator: str
    split: WorldSplit
    seed: int = 0

    def __post_init__(self) -> None:
        if self.simulator not in FOLDERS:
            raise ConfigError(
                "no episodes are written of this simulator",
                got=repr(self.simulator),
                expected=f"one of {', '.join(FOLDERS)}",
            )

    def marker(self, shard: int) -> str:
        """The shard's list of episodes."""
        return FOLDERS[self.simulator].marker(shard)

    def write(self, folder: Path, shard: int, numbers: range) -> None:
        """The video of all its episodes, one behind the other, then the list of them."""
        films = (film for number in numbers for film in self._films(number))
        FOLDERS[self.simulator].write(folder, shard, films)

    def finish(self, folder: Path, plan: Plan) -> None:
        """The tables of all episodes; ``meta/info.json``, without which nothing is read, comes last."""
        FOLDERS[self.simulator].finish(folder, plan)

    def settings(self) -> dict[str, Any]:
        """Simulator, split and seed."""
        return {"format": "lerobot", **asdict(self)}

    def builder(self, plan: Plan) -> dict[str, Any]:
        """Reads the folder."""
        return {
            "name": f"{self.simulator}_{self.split}",
            "title": f"{plan.count} problems: {SIMULATORS.get(self.simulator).title}",
            "licence": "that of the simulator's package",
            "get": f"unio data fetch {self.simulator}",
            "folder": "meta/, data/, videos/",
            "reader": {"kind": "lerobot"},
        }

    def _films(self, number: int) -> Iterator[Film]:
        if self.simulator == "metaworld":
            return arm_films(open_arm(self.split, self.seed, number))
        return push_films(open_pusht(self.split, self.seed, number))
