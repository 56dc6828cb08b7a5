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
actions with seven numbers (moves, turns, gripper), ``manipulate``; of actions named y1 x1 y2 x2 in parts of
the picture, as the playroom's pushes are written, ``act`` at each episode's first frame.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from jaxtyping import Float
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.files import find_file, read_json
from unio.data.sources.lerobot.episodes import Episodes
from unio.data.sources.reader import Reader, Record, Shelf

__all__ = ["PUSH_NAMES", "LeRobot", "Steps"]

ACTION_NUMBERS = 7
PUSH_NAMES = ("y1", "x1", "y2", "x2")
MOST_MILLIMETRES = 50.0


class LeRobot(Config):
    """A LeRobot v3 data set."""

    kind: Literal["lerobot"] = Field(description="This format.")
    subfolder: str = Field(default=".", description="Where below the data set's folder it lies: {split}.")
    camera: str | None = Field(
        default=None, description="Feature to look at, such as observation.images.top; None: the first."
    )
    history: int = Field(default=2, ge=1, le=4, description="Earlier pictures that are shown.")
    stride: int = Field(default=1, gt=0, description="Frames between the pictures, and to the next one.")
    millimetres: float = Field(default=1000.0, gt=0, description="Millimetres that an action's 1 moves.")

    def open(self, folder: Path) -> Reader:
        """Read the tables' heads. Raises ``InputError`` for another version, or a missing file or camera."""
        folder = find_file(folder, self.subfolder)
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
        action = cast(Mapping[str, Any], info["features"]).get("action", {})
        is_push = tuple(action.get("names") or ()) == PUSH_NAMES
        entries: dict[str, tuple[Sequence[tuple[int, int]], Any]] = {
            "next_frame": (Steps(ahead), makers.next_frame),
            "goal_image": (Steps([1 for _ in lengths]), makers.goal_image),
            "manipulate": (Steps(lengths if _numbers(action) == ACTION_NUMBERS else []), makers.manipulate),
            "act": (Steps([1 for _ in lengths] if is_push else []), makers.act),
        }
        return Reader(
            name=folder.name,
            shelves={
                task: Shelf(entries=steps, record=record, place=makers.place)
                for task, (steps, record) in entries.items()
            },
        )


def _numbers(action: Mapping[str, Any]) -> int:
    """How many numbers an action has; 0 where there are none, or no plain row of them."""
    shape = list(action.get("shape", ()))
    return int(shape[0]) if len(shape) == 1 else 0


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
        action = self._action(episode, frame, count=ACTION_NUMBERS)
        action[:3] = np.clip(action[:3] * self.config.millimetres, -MOST_MILLIMETRES, MOST_MILLIMETRES)
        action[3:6] = (action[3:6] + np.pi) % (2 * np.pi) - np.pi
        action[6] = np.clip(action[6], 0, 1)
        instruction = self.episodes.instruction(episode, frame)
        record: Record = {"image": image, "instruction": instruction, "action": action}
        return record | ({"image_history": tuple(history)} if history else {})

    def act(self, step: tuple[int, int], rng: np.random.Generator) -> Record:
        """The push of an episode, in pixels of its first picture."""
        del rng
        episode = step[0]
        (image,) = self.episodes.pictures(episode, [0])
        height, width = image.shape[:2]
        action = self._action(episode, 0, count=len(PUSH_NAMES)) * (height, width, height, width)
        return {"image": image, "instruction": self.episodes.instruction(episode, 0), "action": action}

    def _action(self, episode: int, frame: int, *, count: int) -> Float[np.ndarray, " numbers"]:
        action = np.asarray(self.episodes.row(episode, frame)["action"], np.float64)
        if action.shape != (count,) or not np.isfinite(action).all():
            raise InputError("bad action", got=action.tolist(), expected=f"{count} finite numbers")
        return action

    def place(self, step: tuple[int, int]) -> str:
        return f"{self.episodes.place(step[0])}, frame {step[1]}"
