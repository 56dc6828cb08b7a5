"""Meta-World's and PushT's experts as LeRobot v3 folders, ``train`` and ``test``, one behind the other.

Every split is a data set of its own, which `unio.data.sources.lerobot` and LeRobot itself open.
"""

import json
from functools import partial
from pathlib import Path

from unio.core import InputError
from unio.data.packages.demonstrations import Demonstrations
from unio.data.packages.tables import TEST_SHARE
from unio.data.simulators import WorldSplit

__all__ = ["METAWORLD_EPISODES", "PUSHT_EPISODES", "lay_out_episodes"]

PER_SHARD = 20

LICENCES = {
    "metaworld": "Meta-World is under the MIT licence; unio drew its arm.\n",
    "pusht": "gym-pusht, which drew these pictures, is under the Apache licence 2.0.\n",
}


def lay_out_episodes(folder: Path, count: int, *, simulator: str) -> dict[str, int]:
    """Solve ``count`` problems to train on and a twentieth as many to test on; gives the episodes of each.

    Raises ``MissingExtraError`` without the simulator, or what Parquet and videos need; ``InputError`` for
    less than one problem.
    """
    if count < 1:
        raise InputError("too few problems", got=count, expected="1 or more")
    # Imported here: writers need the extras of Parquet and videos, listing what can be fetched does not.
    from unio.data.writers import DemonstrationShards, Plan, write_shards

    splits: dict[WorldSplit, int] = {"train": count, "test": -(-count // TEST_SHARE)}
    episodes: dict[str, int] = {}
    for split, problems in splits.items():
        plan = Plan(count=problems, per_shard=PER_SHARD)
        write_shards(DemonstrationShards(simulator=simulator, split=split), folder / split, plan=plan)
        info = json.loads((folder / split / "meta" / "info.json").read_bytes())
        episodes[f"episodes-{split}"] = int(info["total_episodes"])
    (folder / "LICENCE.txt").write_text(LICENCES[simulator], encoding="utf-8")
    return episodes


METAWORLD_EPISODES = Demonstrations(
    name="metaworld",
    title="Meta-World's arm, led by its scripted experts",
    licence="MIT",
    package="metaworld",
    extra="metaworld",
    count=100,
    lay_out=partial(lay_out_episodes, simulator="metaworld"),
    builders=("metaworld",),
)
"""The demonstrations of the arm."""

PUSHT_EPISODES = Demonstrations(
    name="pusht",
    title="PushT, solved by unio's own expert",
    licence="Apache-2.0",
    package="gym-pusht",
    extra="pusht",
    count=40,
    lay_out=partial(lay_out_episodes, simulator="pusht"),
    builders=("pusht",),
)
"""The demonstrations of PushT."""
