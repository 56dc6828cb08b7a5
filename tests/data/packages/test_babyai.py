import json
from pathlib import Path

import pytest

from unio.core import InputError, random_stream
from unio.data.packages import DEMONSTRATIONS, demonstrate
from unio.data.packages.babyai import lay_out_missions
from unio.data.sources.builder import load_builder
from unio.data.sources.read_source import ReadSource
from unio.data.tasks.navigate import STEPS

BUILDERS = Path(__file__).parents[3] / "configs" / "data"
COUNT = 9
"""Mission 8 is the first of the test split."""


@pytest.fixture(scope="module")
def missions(tmp_path_factory):
    pytest.importorskip("minigrid")
    return demonstrate(DEMONSTRATIONS.get("babyai"), tmp_path_factory.mktemp("data") / "babyai", count=COUNT)


def test_every_step_is_a_row_with_the_views_before_it(missions):
    lines = (missions.folder / "steps-train.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert missions.counts["steps-train"] == len(rows) > COUNT
    first = [row for row in rows if row["image"].startswith("pictures/00000-")]
    assert [len(row["image_history"]) for row in first][:5] == [0, 1, 2, 3, 3][: len(first)]
    assert first[1]["image_history"] == [first[0]["image"]]
    assert {row["action"] for row in rows} <= set(STEPS)
    assert missions.counts["steps-test"] > 0
    assert "MIT" in (missions.folder / "LICENCE.txt").read_text()


def test_its_builder_reads_it(missions):
    source = ReadSource(load_builder(BUILDERS / "babyai.yaml"), missions.folder)
    assert source.families() == ["navigate"]
    record = source.reader.record("navigate", 1, random_stream(0, "test"))
    example = source.example("navigate", 0, 0)
    assert record["action"] in STEPS
    assert (len(record["image_history"]), record["image"].shape) == (1, (112, 112, 3))
    assert example.target_text in STEPS


def test_one_mission_is_too_few(tmp_path):
    with pytest.raises(InputError, match="too few missions: got 1; expected 2 or more"):
        lay_out_missions(tmp_path, 1)
