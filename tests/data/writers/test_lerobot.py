import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from unio.core import ConfigError
from unio.data.sources.playroom import PlayroomSource
from unio.data.writers import EpisodeShards
from unio.data.writers.lerobot_tables import Episode, tables_of

COUNT = 3


@pytest.fixture(scope="module")
def pushes(written, source):
    return written(EpisodeShards(source=source), count=COUNT, per_shard=2)


def test_pushes_come_back(pushes, source, record):
    _, reader = pushes
    assert set(reader.tasks) == {"act", "goal_image", "next_frame"}
    assert reader.count("act") == COUNT
    for number in range(COUNT):
        true, made = source.record("act", 0, number), record(reader, "act", number)
        assert made["instruction"] == true["instruction"]
        assert made["action"] == pytest.approx(true["action"], abs=1e-4)
        assert np.abs(made["image"].astype(int) - true["image"]).mean() < 4


def test_the_goal_is_what_the_push_leaves(pushes, source, record):
    _, reader = pushes
    made = record(reader, "goal_image", 1)
    begin = np.abs(made["picture"].astype(int) - source.record("act", 0, 1)["image"]).mean()
    assert begin > 0.5  # something has moved


def test_frames_are_counted_through_all_files(pushes):
    folder, _ = pushes
    info = json.loads((folder / "meta" / "info.json").read_text())
    tables = [pq.read_table(path).to_pylist() for path in sorted((folder / "data").rglob("*.parquet"))]
    assert len(tables) == 2
    indices = [row["index"] for rows in tables for row in rows]
    assert indices == list(range(info["total_frames"]))
    assert info["total_episodes"] == COUNT
    assert pq.read_schema(folder / "meta" / "tasks.parquet").pandas_metadata["index_columns"] == ["task"]


def test_tables_follow_from_the_episodes():
    first = Episode(instruction="a", actions=[(0, 1, 0, 0)] * 2)
    second = Episode(instruction="b", actions=[(0, 0, 0, 5)] * 3)
    tables = tables_of([[first, second], [first]], camera="c", frames_per_second=10)
    assert [row["index"] for row in tables.data[1]] == [5, 6]
    assert [row["task_index"] for row in tables.data[0]] == [0, 0, 1, 1, 1]
    heads = tables.episodes[0]
    assert (heads[1]["videos/c/from_timestamp"], heads[1]["dataset_from_index"]) == (0.2, 2)
    assert tables.episodes[1][0]["data/file_index"] == 1
    assert tables.tasks == [{"task_index": 0, "task": "a"}, {"task_index": 1, "task": "b"}]
    assert tables.stats["action"]["mean"] == pytest.approx([0, 4 / 7, 0, 15 / 7])
    assert tables.stats["action"]["count"] == [7]


def test_an_odd_size_is_refused():
    with pytest.raises(ConfigError, match="a video's sides are even: got size 47"):
        EpisodeShards(source=PlayroomSource(split="test", size=47))
