"""The tables of a LeRobot v3 data set: frames, episodes, tasks and statistics, from the list of episodes."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from unio.core import MissingExtraError
from unio.media import write_whole

__all__ = ["FILES_IN_CHUNK", "Episode", "Tables", "tables_of", "write_table"]

FILES_IN_CHUNK = 1000

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Episode:
    """What was asked in a film, and the action taken in each of its frames."""

    instruction: str
    actions: Sequence[Sequence[float]]

    @property
    def length(self) -> int:
        """Frames of the film."""
        return len(self.actions)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Rows of the frames and of the episodes by shard, those of the tasks, and the actions' statistics."""

    data: tuple[list[Row], ...]
    episodes: tuple[list[Row], ...]
    tasks: list[Row]
    stats: Mapping[str, Mapping[str, Any]]


def tables_of(shards: Sequence[Sequence[Episode]], *, camera: str, frames_per_second: int) -> Tables:
    """All tables. Frames are counted through all shards; a shard's films follow each other in its video."""
    words = {one.instruction: None for shard in shards for one in shard}
    tasks = {instruction: number for number, instruction in enumerate(words)}
    data: list[list[Row]] = []
    episodes: list[list[Row]] = []
    numbers, first = count(), 0
    for shard, content in enumerate(shards):
        chunk, file = divmod(shard, FILES_IN_CHUNK)
        begin, rows, heads = 0.0, list[Row](), list[Row]()
        for one in content:
            number, task = next(numbers), tasks[one.instruction]
            rows += _frames(one, number=number, first=first, task=task, rate=frames_per_second)
            end = begin + one.length / frames_per_second
            spots = {
                f"{place}/{name}": value
                for place in ("data", f"videos/{camera}", "meta/episodes")
                for name, value in (("chunk_index", chunk), ("file_index", file))
            }
            heads.append(
                {
                    "episode_index": number,
                    "tasks": [one.instruction],
                    "length": one.length,
                    "dataset_from_index": first,
                    "dataset_to_index": first + one.length,
                    f"videos/{camera}/from_timestamp": begin,
                    f"videos/{camera}/to_timestamp": end,
                    **spots,
                }
            )
            begin, first = end, first + one.length
        data.append(rows)
        episodes.append(heads)
    told = [{"task_index": number, "task": instruction} for instruction, number in tasks.items()]
    return Tables(data=tuple(data), episodes=tuple(episodes), tasks=told, stats={"action": _stats(shards)})


def write_table(path: Path, rows: Sequence[Mapping[str, Any]], *, index: str | None = None) -> None:
    """Rows as a Parquet file, whole or not at all; pandas makes the column ``index`` its index.

    Raises ``MissingExtraError`` without pyarrow.
    """
    try:
        import pyarrow  # pyright: ignore[reportMissingTypeStubs]
        import pyarrow.parquet  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra="data") from error
    arrow: Any = pyarrow
    table = arrow.Table.from_pylist([dict(row) for row in rows])
    if "action" in table.column_names:
        place = table.column_names.index("action")
        single = table.column("action").cast(arrow.list_(arrow.float32()))
        table = table.set_column(place, "action", single)
    if index is not None:
        table = table.replace_schema_metadata({"pandas": json.dumps(_pandas(table, index))})
    content = io.BytesIO()
    parquet: Any = pyarrow.parquet
    parquet.write_table(table, content)
    write_whole(path, content.getvalue())


def _frames(one: Episode, *, number: int, first: int, task: int, rate: int) -> list[Row]:
    return [
        {
            "index": first + frame,
            "episode_index": number,
            "frame_index": frame,
            "timestamp": frame / rate,
            "task_index": task,
            "action": list(one.actions[frame]),
        }
        for frame in range(one.length)
    ]


def _stats(shards: Sequence[Sequence[Episode]]) -> dict[str, Any]:
    """Least, most, mean and deviation of the actions, over all frames."""
    actions = np.array([action for shard in shards for one in shard for action in one.actions])
    return {
        "min": actions.min(axis=0).tolist(),
        "max": actions.max(axis=0).tolist(),
        "mean": actions.mean(axis=0).tolist(),
        "std": actions.std(axis=0).tolist(),
        "count": [len(actions)],
    }


def _pandas(table: Any, index: str) -> dict[str, Any]:
    """What pandas writes into a Parquet file's metadata about its index and columns."""
    kinds = {"int64": "int64", "string": "unicode"}
    columns = [
        {
            "name": name,
            "field_name": name,
            "pandas_type": kinds[str(table.schema.field(name).type)],
            "numpy_type": "int64" if str(table.schema.field(name).type) == "int64" else "object",
            "metadata": None,
        }
        for name in table.column_names
    ]
    return {"index_columns": [index], "column_indexes": [], "columns": columns, "pandas_version": "2.0.0"}
