"""BabyAI's missions, walked by its bot: a picture for every step, and rows of ``steps-SPLIT.jsonl``.

Laid out are ``pictures/MISSION-STEP.png`` (what is seen before each step) and, for each step, a row::

    {"image": "pictures/00012-02.png", "image_history": ["pictures/00012-00.png", "pictures/00012-01.png"],
     "instruction": "go to the red ball", "action": "left"}
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unio.core import InputError
from unio.data.packages.demonstrations import Demonstrations
from unio.data.packages.tables import split_of, write_table
from unio.data.simulators.babyai import EARLIER_VIEWS, open_mission
from unio.media import save_image

__all__ = ["BABYAI_MISSIONS", "lay_out_missions"]

LICENCE = "minigrid is under the MIT licence, copyright Farama Foundation; these pictures were drawn by it.\n"


def lay_out_missions(folder: Path, count: int) -> dict[str, int]:
    """Walk ``count`` missions, and write pictures and tables.

    Raises ``MissingExtraError`` without minigrid, ``InputError`` where no mission is of the training split.
    """
    if count < 2:  # a digest chooses the split of each: of the first two, one is to train on
        raise InputError("too few missions", got=count, expected="2 or more")
    rows = [row for number in range(count) for row in _mission_rows(folder, number)]
    (folder / "LICENCE.txt").write_text(LICENCE, encoding="utf-8")
    return write_table(folder, "steps", rows, package="minigrid")


def _mission_rows(folder: Path, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """(Split, row) of every step of a mission; nothing of one that the bot does not fulfil."""
    split = split_of(f"mission {number}")
    mission = open_mission("test" if split == "test" else "train", 0, number)
    steps: list[str] = []
    places: list[str] = []
    while not mission.done:
        places.append(f"pictures/{number:05d}-{len(steps):02d}.png")
        save_image(mission.picture(), folder / places[-1])
        steps.append(mission.expert())
        mission.take(steps[-1])
    if not mission.success:
        return
    for at, step in enumerate(steps):
        yield (
            split,
            {
                "image": places[at],
                "image_history": places[max(0, at - EARLIER_VIEWS) : at],
                "instruction": mission.instruction,
                "action": step,
            },
        )


BABYAI_MISSIONS = Demonstrations(
    name="babyai",
    title="BabyAI's missions to go somewhere, walked by its bot",
    licence="MIT",
    package="minigrid",
    extra="babyai",
    count=600,
    lay_out=lay_out_missions,
    builders=("babyai",),
)
"""The demonstrations."""
