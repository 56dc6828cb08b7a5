import numpy as np
import pytest

from unio.core import ConfigError
from unio.data.simulators.metaworld import open_arm
from unio.data.simulators.pusht import SIZE, open_pusht
from unio.data.writers import DemonstrationShards


def test_an_arms_moves_come_back(written, record):
    pytest.importorskip("metaworld")
    _, reader = written(DemonstrationShards(simulator="metaworld", split="train"), count=1, per_shard=1)
    assert set(reader.tasks) == {"next_frame", "goal_image", "manipulate"}
    arm = open_arm("train", 0, 0)
    first = record(reader, "manipulate", 0)
    assert first["instruction"] == "open the door"
    assert np.abs(first["image"].astype(int) - arm.picture()).mean() < 4
    assert first["action"] == pytest.approx(arm.expert(), abs=1e-4)
    arm.take(arm.expert())
    second = record(reader, "manipulate", 1)
    assert (len(second["image_history"]), second["action"]) == (1, pytest.approx(arm.expert(), abs=1e-4))
    last = record(reader, "manipulate", reader.count("manipulate") - 1)
    assert not last["action"][:6].any()


def test_every_push_is_an_episode(written, record):
    pytest.importorskip("gym_pusht")
    _, reader = written(DemonstrationShards(simulator="pusht", split="train"), count=1, per_shard=1)
    assert set(reader.tasks) == {"next_frame", "goal_image", "act"}
    table = open_pusht("train", 0, 0)
    made = record(reader, "act", 0)
    assert np.abs(made["image"].astype(int) - table.picture()).mean() < 4
    assert made["action"] == pytest.approx(table.expert(), abs=1e-3)
    assert reader.count("act") > 2
    assert record(reader, "goal_image", 0)["picture"].shape == (SIZE, SIZE, 3)


def test_other_simulators_are_refused():
    with pytest.raises(ConfigError, match="no episodes are written of this simulator: got 'babyai'"):
        DemonstrationShards(simulator="babyai", split="train")
