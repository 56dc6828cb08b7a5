import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unio.core import InputError
from unio.data.sources.lerobot import LeRobot
from unio.data.sources.lerobot.dataset import Steps
from unio.media import encode_image

CONFIG = LeRobot(kind="lerobot", history=1)
INFO = {
    "codebase_version": "v3.0",
    "fps": 10,
    "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
    "features": {
        "observation.images.top": {"dtype": "image", "shape": [6, 8, 3]},
        "action": {"dtype": "float32", "shape": [7]},
    },
}


def write_table(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def frame_row(index, episode, frame):
    picture = encode_image(np.full((6, 8, 3), 20 * index, np.uint8), suffix=".png")
    return {
        "index": index,
        "episode_index": episode,
        "frame_index": frame,
        "timestamp": frame / 10,
        "task_index": episode,
        "action": [0.01, -1.0, 0.0, 0.0, 0.5, 4.0, 1.0],
        "observation.images.top": {"bytes": picture, "path": None},
    }


@pytest.fixture
def robot(folder):
    """Two episodes of 4 and 2 frames, their pictures in the table."""
    folder.json("meta/info.json", INFO)
    rows = [frame_row(i, *place) for i, place in enumerate([(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)])]
    write_table(folder.path / "data" / "chunk-000" / "file-000.parquet", rows)
    spots = {"data/chunk_index": 0, "data/file_index": 0}
    episodes = [
        {"episode_index": 0, "length": 4, "dataset_from_index": 0, **spots},
        {"episode_index": 1, "length": 2, "dataset_from_index": 4, **spots},
    ]
    write_table(folder.path / "meta" / "episodes" / "chunk-000" / "file-000.parquet", episodes)
    tasks = [{"task_index": 0, "__index_level_0__": "open the door"}, {"task_index": 1, "task": "close it"}]
    write_table(
        folder.path / "meta" / "tasks.parquet",
        [{"task": None, "__index_level_0__": None} | one for one in tasks],
    )
    return folder


def test_frames_follow_each_other_within_an_episode(robot, record):
    reader = CONFIG.open(robot.path)
    assert reader.count("next_frame") == 2
    made = record(reader, "next_frame", 1)
    assert [one[0, 0, 0] for one in (*made["image_history"], made["image"], made["picture"])] == [20, 40, 60]


def test_the_goal_is_the_last_picture(robot, record):
    made = record(CONFIG.open(robot.path), "goal_image", 1)
    assert (made["instruction"], made["image"][0, 0, 0], made["picture"][0, 0, 0]) == ("close it", 80, 100)


def test_actions_in_millimetres_and_radians(robot, record):
    reader = CONFIG.open(robot.path)
    assert reader.count("manipulate") == 6
    made = record(reader, "manipulate", 0)
    assert made["action"] == pytest.approx([10, -50, 0, 0, 0.5, 4 - 2 * np.pi, 1])
    assert made["instruction"] == "open the door"
    assert "image_history" not in made
    assert len(record(reader, "manipulate", 3)["image_history"]) == 1


def test_steps_are_numbered_through_the_episodes():
    assert list(Steps([2, 0, 1])) == [(0, 0), (0, 1), (2, 0)]
    with pytest.raises(IndexError):
        Steps([2])[2]


def test_faults_are_told(robot, record):
    with pytest.raises(InputError, match=r"no such camera: got wrist; expected observation.images.top"):
        CONFIG.model_copy(update={"camera": "wrist"}).open(robot.path)
    robot.json("meta/info.json", INFO | {"codebase_version": "v2.1"})
    with pytest.raises(InputError, match=r"another version of LeRobot's format: got v2.1; expected v3.0"):
        CONFIG.open(robot.path)
    robot.json("meta/info.json", INFO | {"data_path": "../{chunk_index}.parquet"})
    with pytest.raises(InputError, match="episode 0, frame 0: a file name leads out"):
        record(CONFIG.open(robot.path), "goal_image")
    robot.json("meta/info.json", INFO | {"data_path": "{nothing}"})
    with pytest.raises(InputError, match=r"bad data_path in meta/info.json"):
        record(CONFIG.open(robot.path), "goal_image")
    robot.json("meta/info.json", INFO)
    write_table(robot.path / "data" / "chunk-000" / "file-000.parquet", [frame_row(3, 0, 3)])
    with pytest.raises(InputError, match="does not hold frame 0 of its episode"):
        record(CONFIG.open(robot.path), "goal_image")
    write_table(robot.path / "meta" / "tasks.parquet", [{"task_index": 0}])
    with pytest.raises(InputError, match=r"meta/tasks.parquet has no words"):
        CONFIG.open(robot.path)
