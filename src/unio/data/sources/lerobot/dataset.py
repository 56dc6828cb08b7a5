"""LeRobot v3 data sets as records of the embodied families.

Layout::

    meta/info.json                     {"codebase_version": "v3.0", "fps": 10, "features": {..}, "data_path":
                                          "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet", ..}
    meta/tasks.parquet                     task, task_index
    meta/episodes/chunk-000/file-000.parquet   episode_index, length, dataset_from_index, data/chunk_index,
                                       data/file_index, videos/KEY/chunk_index, /file_index, /from_timestamp
    data/chunk-000/file-000.parquet        index, episode_index, frame_index, timestamp, task_index, action
    videos/KEY/chunk-000/file-000.mp4

Families: ``next_frame``; ``goal_image`` (an episode's last picture from its first and the instruction); of
actions with seven numbers (moves, turns, gripper), ``manipulate``.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.files import find_file, read_json
from unio.data.sources.lerobot.episodes import Episodes
from unio.data.sources.reader import Reader, Record, Shelf

__all__ = ["LeRobot", "Steps"]

ACTION_NUMBERS = 7
MOST_MILLIMETRES = 50.0


class LeRobot(Config):
    """A LeRobot v3 data set."""

    kind: Literal["lerobot"] = Field(description="This format.")
    camera: str | None = Field(
        default=None, description="Feature to look at, such as observation.images.top; None: the first."
    )
    history: int = Field(default=2, ge=1, le=4, description="Earlier pictures that are shown.")
    stride: int = Field(default=1, gt=0, description="Frames between the pictures, and to the next one.")
    millimetres: float = Field(default=1000.0, gt=0, description="Millimetres that an action's 1 moves.")

    def open(self, folder: Path) -> Reader:
        """Read the tables' heads. Raises ``InputError`` for another version, or a missing file or camera."""
        info = cast(Mapping[str, Any], read_json(find_file(folder, "meta/info.json")))
        version = str(info.get("codebase_version"))
        if not version.startswith("v3"):
            raise InputError(
                "another version of LeRobot's format",
                got=version,
                expected="v3.0",
                fix="convert it with lerobot's own converter",
            )
        makers = _Makers(config=self, episodes=Episodes(folder, info, camera=self.camera))
        lengths = makers.episodes.lengths
        ahead = [max(0, length - self.stride * (self.history + 1)) for length in lengths]
        shape = cast(Mapping[str, Any], info["features"]).get("action", {}).get("shape", ())
        entries: dict[str, tuple[Sequence[tuple[int, int]], Any]] = {
            "next_frame": (Steps(ahead), makers.next_frame),
            "goal_image": (Steps([1 for _ in lengths]), makers.goal_image),
            "manipulate": (Steps(lengths if list(shape) == [ACTION_NUMBERS] else []), makers.manipulate),
        }
        return Reader(
            name=folder.name,
            shelves={
                task: Shelf(entries=steps, record=record, place=makers.place)
                for task, (steps, record) in entries.items()
            },
        )


class Steps(Sequence[tuple[int, int]]):
    """All (episode, frame) pairs by number, without listing them.

    Example: ``list(Steps([2, 0, 1]))`` is ``[(0, 0), (0, 1), (2, 0)]``.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        self._starts = list(accumulate(lengths, initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, number: Any) -> Any:
        if not 0 <= number < len(self):
            raise IndexError(number)
        episode = bisect_right(self._starts, number) - 1
        return episode, number - self._starts[episode]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Makers:
    config: LeRobot
    episodes: Episodes

    def next_frame(self, step: tuple[int, int], rng: np.random.Generator) -> Record:
        del rng
        episode, first = step
        stride, shown = self.config.stride, self.config.history + 1
        frames = [first + stride * place for place in range(shown + 1)]
        *history, image, following = self.episodes.pictures(episode, frames)
        return {"image_history": tuple(history), "image": image, "picture": following}

    def goal_image(self, step: tuple[int, int], rng: np.random.Generator) -> Record:
        del rng
        episode = step[0]
        last = self.episodes.lengths[episode] - 1
        image, picture = self.episodes.pictures(episode, [0, last])
        return {"image": image, "instruction": self.episodes.instruction(episode, 0), "picture": picture}

    def manipulate(self, step: tuple[int, int], rng: np.random.Generator) -> Record:
        """Moves in millimetres, turns in radians, the gripper as it is: 0 open to 1 closed."""
        del rng
        episode, frame = step
        stride = self.config.stride
        frames = [at for at in range(frame - self.config.history * stride, frame + 1, stride) if at >= 0]
        *history, image = self.episodes.pictures(episode, frames)
        action = np.asarray(self.episodes.row(episode, frame)["action"], np.float64)
        if action.shape != (ACTION_NUMBERS,) or not np.isfinite(action).all():
            raise InputError("bad action", got=action.tolist(), expected=f"{ACTION_NUMBERS} finite numbers")
        action[:3] = np.clip(action[:3] * self.config.millimetres, -MOST_MILLIMETRES, MOST_MILLIMETRES)
        action[3:6] = (action[3:6] + np.pi) % (2 * np.pi) - np.pi
        action[6] = np.clip(action[6], 0, 1)
        instruction = self.episodes.instruction(episode, frame)
        record: Record = {"image": image, "instruction": instruction, "action": action}
        return record | ({"image_history": tuple(history)} if history else {})

    def place(self, step: tuple[int, int]) -> str:
        return f"{self.episodes.place(step[0])}, frame {step[1]}"
