"""LeRobot v3 of the playroom: the expert's pushes as episodes, Parquet tables and MP4 videos.

Layout::

    meta/info.json   meta/tasks.parquet   meta/stats.json   meta/episodes/chunk-000/file-000.parquet
    data/chunk-000/file-000.parquet
    videos/observation.images.camera/chunk-000/file-000.mp4
    parts/00000.json                      each shard's episodes, from which the tables are made

An action is a push y1 x1 y2 x2 in parts of the picture, the same in all frames of its episode. Frame 0 is
what `act` looks at; the video is lossy, so pictures come back nearly, all else exactly (float32).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from unio.core import ConfigError
from unio.data.sources.lerobot import PUSH_NAMES
from unio.data.sources.playroom import PlayroomSource
from unio.data.writers.lerobot_tables import FILES_IN_CHUNK, Episode, tables_of, write_table
from unio.data.writers.shards import Plan
from unio.media import write_whole
from unio.media.video.encoding import encode_video
from unio.playroom import Push, apply_push, render
from unio.playroom.episode import FRAME_RATE

__all__ = ["CAMERA", "EpisodeShards"]

CAMERA = "observation.images.camera"


@dataclass(frozen=True, kw_only=True)
class EpisodeShards:
    """Pushes, each with the film of what it does."""

    source: PlayroomSource
    seed: int = 0

    def __post_init__(self) -> None:
        if self.source.size % 2:
            raise ConfigError("a video's sides are even", got=f"size {self.source.size}", fix="an even size")

    def marker(self, shard: int) -> str:
        """The shard's list of episodes."""
        return f"parts/{shard:05d}.json"

    def write(self, folder: Path, shard: int, numbers: range) -> None:
        """The video of all its episodes, one behind the other, then the list of them."""
        frames: list[np.ndarray] = []
        episodes: list[dict[str, Any]] = []
        for number in numbers:
            record = self.source.record("act", self.seed, number)
            y1, x1, y2, x2 = (np.asarray(record["action"]) / self.source.size).tolist()
            scene = self.source.push_trial(self.seed, number).problem.scene
            pushed = apply_push(scene, Push(start=(y1, x1), end=(y2, x2)), with_contacts=False)
            film = [render(state, size=self.source.size).rgb for state in pushed.scenes]
            frames += film
            episodes.append(
                {"length": len(film), "instruction": record["instruction"], "action": [y1, x1, y2, x2]}
            )
        video = encode_video(frames, frames_per_second=FRAME_RATE)
        write_whole(folder / _path("video", shard), video)
        write_whole(folder / self.marker(shard), json.dumps(episodes).encode())

    def finish(self, folder: Path, plan: Plan) -> None:
        """The tables of all episodes; ``meta/info.json``, without which nothing is read, comes last."""
        shards: list[list[Episode]] = []
        for shard in range(plan.shards):
            parts = json.loads((folder / self.marker(shard)).read_bytes())
            shards.append([Episode(**part) for part in parts])
        tables = tables_of(shards, camera=CAMERA, frames_per_second=FRAME_RATE)
        for shard, (rows, episodes) in enumerate(zip(tables.data, tables.episodes, strict=True)):
            write_table(folder / _path("data", shard), rows)
            write_table(folder / _path("episodes", shard), episodes)
        write_table(folder / "meta" / "tasks.parquet", tables.tasks, index="task")
        write_whole(folder / "meta" / "stats.json", json.dumps(tables.stats, indent=1).encode())
        info = self._info(shards, tasks=len(tables.tasks))
        write_whole(folder / "meta" / "info.json", json.dumps(info, indent=1).encode())

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

    def _info(self, shards: Sequence[Sequence[Episode]], *, tasks: int) -> dict[str, Any]:
        size, episodes = self.source.size, sum(map(len, shards))
        number = {"dtype": "int64", "shape": [1], "names": None}
        picture = {
            "dtype": "video",
            "shape": [size, size, 3],
            "names": ["height", "width", "channels"],
            "info": {
                "video.fps": FRAME_RATE,
                "video.height": size,
                "video.width": size,
                "video.channels": 3,
                "video.codec": "h264",
                "video.pix_fmt": "yuv420p",
                "video.is_depth_map": False,
                "has_audio": False,
            },
        }
        return {
            "codebase_version": "v3.0",
            "robot_type": "playroom bar",
            "total_episodes": episodes,
            "total_frames": sum(one.length for shard in shards for one in shard),
            "total_tasks": tasks,
            "chunks_size": FILES_IN_CHUNK,
            "data_files_size_in_mb": 100,
            "video_files_size_in_mb": 200,
            "fps": FRAME_RATE,
            "splits": {"train": f"0:{episodes}"},
            "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
            "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
            "features": {
                CAMERA: picture,
                "action": {"dtype": "float32", "shape": [4], "names": list(PUSH_NAMES)},
                "timestamp": {"dtype": "float32", "shape": [1], "names": None},
                **dict.fromkeys(("frame_index", "episode_index", "index", "task_index"), number),
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
