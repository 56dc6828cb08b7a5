"""LeRobot v3 of the playroom: the expert's pushes as episodes (`lerobot_folder` has the layout).

An action is a push y1 x1 y2 x2 in parts of the picture, the same in all frames of its episode. Frame 0 is
what `act` looks at.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from unio.data.sources.lerobot import PUSH_NAMES
from unio.data.sources.playroom import PlayroomSource
from unio.data.writers.lerobot_folder import CAMERA, Film, LeRobotFolder
from unio.data.writers.lerobot_tables import Episode
from unio.data.writers.shards import Plan
from unio.playroom import Push, apply_push, render
from unio.playroom.episode import FRAME_RATE

__all__ = ["CAMERA", "EpisodeShards"]


@dataclass(frozen=True, kw_only=True)
class EpisodeShards:
    """Pushes, each with the film of what it does."""

    source: PlayroomSource
    seed: int = 0

    def __post_init__(self) -> None:
        _ = self._folder  # which refuses a size that videos cannot have

    @property
    def _folder(self) -> LeRobotFolder:
        return LeRobotFolder(
            robot="playroom bar",
            action_names=PUSH_NAMES,
            size=self.source.size,
            frames_per_second=FRAME_RATE,
        )

    def marker(self, shard: int) -> str:
        """The shard's list of episodes."""
        return self._folder.marker(shard)

    def write(self, folder: Path, shard: int, numbers: range) -> None:
        """The video of all its episodes, one behind the other, then the list of them."""
        self._folder.write(folder, shard, self._films(numbers))

    def finish(self, folder: Path, plan: Plan) -> None:
        """The tables of all episodes; ``meta/info.json``, without which nothing is read, comes last."""
        self._folder.finish(folder, plan)

    def settings(self) -> dict[str, Any]:
        """Source and seed."""
        return {"format": "lerobot", "source": asdict(self.source), "seed": self.seed}

    def builder(self, plan: Plan) -> dict[str, Any]:
        """Reads the folder."""
        return {
            "name": "playroom_lerobot",
            "title": f"{plan.count} pushes of the playroom's expert",
            "licence": "Apache-2.0, as unio itself",
            "get": "unio playroom render --format lerobot",
            "folder": "meta/, data/, videos/",
            "reader": {"kind": "lerobot"},
        }

    def _films(self, numbers: range) -> Iterator[Film]:
        for number in numbers:
            record = self.source.record("act", self.seed, number)
            y1, x1, y2, x2 = (np.asarray(record["action"]) / self.source.size).tolist()
            scene = self.source.push_trial(self.seed, number).problem.scene
            pushed = apply_push(scene, Push(start=(y1, x1), end=(y2, x2)), with_contacts=False)
            frames = [render(state, size=self.source.size).rgb for state in pushed.scenes]
            actions = [[y1, x1, y2, x2]] * len(frames)
            yield Film(frames=frames, episode=Episode(instruction=record["instruction"], actions=actions))
