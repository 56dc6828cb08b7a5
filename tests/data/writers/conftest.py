import numpy as np
import pytest

from unio.data.sources.builder import load_builder
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import TASKS
from unio.data.writers import BUILDER, Plan, write_shards

SOURCE = PlayroomSource(split="test", size=48, examples_per_scene=1)


@pytest.fixture(scope="module")
def source():
    return SOURCE


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """``written(maker, count, per_shard)``: the folder that was written, and the reader that opens it."""

    def write(maker, *, count, per_shard, builder=BUILDER):
        folder = tmp_path_factory.mktemp("written")
        write_shards(maker, folder, plan=Plan(count=count, per_shard=per_shard))
        return folder, load_builder(folder / builder).open(folder)

    return write


@pytest.fixture
def record():
    """``record(reader, task, number)``: a record that the family can use."""

    def read(reader, task, number=0, seed=0):
        made = reader.record(task, number, np.random.default_rng(seed))
        assert TASKS.get(task).example(made, np.random.default_rng(0)).prompt
        return made

    return read
