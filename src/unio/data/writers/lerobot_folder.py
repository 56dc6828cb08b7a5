"""Films with actions as a LeRobot v3 folder, Parquet tables and MP4 videos, shard by shard.

Layout::

    meta/info.json   meta/tasks.parquet   meta/stats.json   meta/episodes/chunk-000/file-000.parquet
    data/chunk-000/file-000.parquet
    videos/observation.images.camera/chunk-000/file-000.mp4
    parts/00000.json                      each shard's episodes, from which the tables are made

The video is lossy, so pictures come back nearly, all else exactly (float32).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from unio.core import ConfigError
from unio.data.writers.lerobot_tables import FILES_IN_CHUNK, Episode, tables_of, write_table
from unio.data.writers.shards import Plan
from unio.media import write_whole
from unio.media.video.encoding import encode_video
from unio.schema import Picture

__all__ = ["CAMERA", "Film", "LeRobotFolder"]

CAMERA = "observation.images.camera"


@dataclass(frozen=True, kw_only=True, eq=False)
class Film:
    """An episode with its frames, as many as it has actions."""

    frames: Sequence[Picture]
    episode: Episode


@dataclass(frozen=True, kw_only=True)
class LeRobotFolder:
    """What all episodes of a data set share: the robot, its action's numbers, and the camera's pictures.

    ``size`` is the pictures' side in pixels, which a video wants even.
    """

    robot: str
    action_names: tuple[str, ...]
    size: int
    frames_per_second: int

    def __post_init__(self) -> None:
        if self.size % 2:
            raise ConfigError("a video's sides are even", got=f"size {self.size}", fix="an even size")

    def marker(self, shard: int) -> str:
        """The shard's list of episodes, written last."""
        return f"parts/{shard:05d}.json"

    def write(self, folder: Path, shard: int, films: Iterable[Film]) -> None:
        """The video of all its episodes, one behind the other, then the list of them."""
        made = list(films)
        frames = [frame for film in made for frame in film.frames]
        video = encode_video(frames, frames_per_second=self.frames_per_second)
        write_whole(folder / _path("video", shard), video)
        parts = [asdict(film.episode) for film in made]
        write_whole(folder / self.marker(shard), json.dumps(parts).encode())

    def finish(self, folder: Path, plan: Plan) -> None:
        """The tables of all episodes; ``meta/info.json``, without which nothing is read, comes last."""
        shards: list[list[Episode]] = []
        for shard in range(plan.shards):
            parts = json.loads((folder / self.marker(shard)).read_bytes())
            shards.append([Episode(**part) for part in parts])
        tables = tables_of(shards, camera=CAMERA, frames_per_second=self.frames_per_second)
        for shard, (rows, episodes) in enumerate(zip(tables.data, tables.episodes, strict=True)):
            write_table(folder / _path("data", shard), rows)
            write_table(folder / _path("episodes", shard), episodes)
        write_table(folder / "meta" / "tasks.parquet", tables.tasks, index="task")
        write_whole(folder / "meta" / "stats.json", json.dumps(tables.stats, indent=1).encode())
        info = self._info(shards, tasks=len(tables.tasks))
        write_whole(folder / "meta" / "info.json", json.dumps(info, indent=1).encode())

    def _info(self, shards: Sequence[Sequence[Episode]], *, tasks: int) -> dict[str, Any]:
        episodes = sum(map(len, shards))
        number = {"dtype": "int64", "shape": [1], "names": None}
        action = {"dtype": "float32", "shape": [len(self.action_names)], "names": list(self.action_names)}
        return {
            "codebase_version": "v3.0",
            "robot_type": self.robot,
            "total_episodes": episodes,
            "total_frames": sum(one.length for shard in shards for one in shard),
            "total_tasks": tasks,
            "chunks_size": FILES_IN_CHUNK,
            "data_files_size_in_mb": 100,
            "video_files_size_in_mb": 200,
            "fps": self.frames_per_second,
            "splits": {"train": f"0:{episodes}"},
            "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
            "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
            "features": {
                CAMERA: self._camera(),
                "action": action,
                "timestamp": {"dtype": "float32", "shape": [1], "names": None},
                **dict.fromkeys(("frame_index", "episode_index", "index", "task_index"), number),
            },
        }

    def _camera(self) -> dict[str, Any]:
        return {
            "dtype": "video",
            "shape": [self.size, self.size, 3],
            "names": ["height", "width", "channels"],
            "info": {
                "video.fps": self.frames_per_second,
                "video.height": self.size,
                "video.width": self.size,
                "video.channels": 3,
                "video.codec": "h264",
                "video.pix_fmt": "yuv420p",
                "video.is_depth_map": False,
                "has_audio": False,
            },
        }


def _path(kind: str, shard: int) -> str:
    chunk, file = divmod(shard, FILES_IN_CHUNK)
    place = f"chunk-{chunk:03d}/file-{file:03d}"
    return {
        "data": f"data/{place}.parquet",
        "episodes": f"meta/episodes/{place}.parquet",
        "video": f"videos/{CAMERA}/{place}.mp4",
    }[kind]
