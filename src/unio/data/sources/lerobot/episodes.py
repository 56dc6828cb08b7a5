"""The episodes of a LeRobot v3 folder: which rows and which stretch of which video each of them is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from unio.core import InputError
from unio.data.sources.files import find_file, inside
from unio.data.sources.media_values import read_picture
from unio.data.sources.rows import ParquetRows
from unio.schema import Picture

__all__ = ["Episodes"]


class Episodes:
    """Frames, rows and instructions of every episode, read when they are asked for.

    Raises ``InputError`` for missing tables, or a camera that the data set does not have.
    """

    def __init__(self, folder: Path, info: Mapping[str, Any], *, camera: str | None) -> None:
        self.folder = folder
        self._info = info
        self.camera, self._is_video = _find_camera(info, camera)
        files = sorted(find_file(folder, "meta/episodes").glob("chunk-*/file-*.parquet"))
        rows = [row for path in files for row in ParquetRows(path)]
        self._episodes = sorted(rows, key=lambda row: int(row["episode_index"]))
        tasks = ParquetRows(find_file(folder, "meta/tasks.parquet"))
        self._instructions = {int(row["task_index"]): _task_name(row) for row in tasks}
        self._tables: dict[str, ParquetRows] = {}

    def __len__(self) -> int:
        return len(self._episodes)

    @property
    def lengths(self) -> list[int]:
        """Frames of each episode."""
        return [int(row["length"]) for row in self._episodes]

    def row(self, episode: int, frame: int) -> dict[str, Any]:
        """A frame's row: action, state, timestamp, task."""
        facts = self._episodes[episode]
        name = self._file("data_path", facts["data/chunk_index"], facts["data/file_index"])
        if name not in self._tables:
            self._tables[name] = ParquetRows(find_file(self.folder, name))
        table = self._tables[name]
        # A file's rows follow each other; its first one says where in the data set it begins.
        at = int(facts["dataset_from_index"]) + frame - int(table[0]["index"])
        row = table[at] if 0 <= at < len(table) else {}
        if row.get("episode_index") != facts["episode_index"] or row.get("frame_index") != frame:
            raise InputError(f"{name} does not hold frame {frame} of its episode", got=f"row {at}")
        return row

    def instruction(self, episode: int, frame: int) -> str:
        """What the robot was asked to do."""
        number = int(self.row(episode, frame)["task_index"])
        if number not in self._instructions:
            raise InputError(
                "a task without words", got=f"task_index {number}", expected="a row of tasks.parquet"
            )
        return self._instructions[number]

    def pictures(self, episode: int, frames: Sequence[int]) -> list[Picture]:
        """The camera's pictures at these frames, ascending."""
        if not self._is_video:
            return [read_picture(self.row(episode, one)[self.camera], folder=self.folder) for one in frames]
        # Imported here: PyAV is an extra that only videos need.
        from unio.data.sources.lerobot.frames import frames_at

        facts, key = self._episodes[episode], f"videos/{self.camera}"
        name = self._file("video_path", facts[f"{key}/chunk_index"], facts[f"{key}/file_index"])
        begin, rate = float(facts[f"{key}/from_timestamp"]), float(self._info["fps"])
        times = [begin + frame / rate for frame in frames]
        return frames_at(find_file(self.folder, name), times, tolerance=0.5 / rate)

    def place(self, episode: int) -> str:
        """Where an episode stands, for errors."""
        return f"{self.folder.name}, episode {self._episodes[episode]['episode_index']}"

    def _file(self, pattern: str, chunk: Any, file: Any) -> str:
        try:
            name = str(self._info[pattern]).format(
                chunk_index=int(chunk), file_index=int(file), video_key=self.camera
            )
        except (LookupError, ValueError, AttributeError) as error:
            raise InputError(f"bad {pattern} in meta/info.json", got=repr(self._info.get(pattern))) from error
        inside(self.folder, name)
        return name


def _find_camera(info: Mapping[str, Any], wanted: str | None) -> tuple[str, bool]:
    """The camera's feature, and whether its pictures are in videos."""
    features = cast(Mapping[str, Mapping[str, Any]], info.get("features", {}))
    kinds = {name: str(one.get("dtype")) for name, one in features.items()}
    cameras = [name for name, kind in kinds.items() if kind in ("video", "image")]
    camera = wanted or next(iter(cameras), None)
    if camera not in cameras:
        raise InputError(
            "no such camera", got=camera or "none", expected=", ".join(cameras) or "a picture feature"
        )
    return camera, kinds[camera] == "video"


def _task_name(row: Mapping[str, Any]) -> str:
    """The words of a task: the column ``task``, or the index that pandas keeps beside its columns."""
    for name in ("task", "__index_level_0__"):
        if isinstance(row.get(name), str):
            return str(row[name])
    raise InputError("meta/tasks.parquet has no words", got=", ".join(row), expected="task and task_index")
