import json
from dataclasses import dataclass

import pytest

from unio.core import ConfigError
from unio.data.sources.builder import load_builder
from unio.data.writers.shards import BUILDER, Plan, write_shards
from unio.media import write_whole


@dataclass(frozen=True)
class Numbers:
    """Writes the numbers of a shard; ``fails_at`` is a shard that breaks off before its marker."""

    word: str = "n"
    fails_at: int | None = None

    def marker(self, shard):
        return f"lines-{shard}.jsonl"

    def write(self, folder, shard, numbers):
        write_whole(folder / f"begun-{shard}", b"")
        if shard == self.fails_at:
            raise OSError("the disk is full")
        lines = [json.dumps({"instruction": f"{self.word} {number}", "response": "x"}) for number in numbers]
        write_whole(folder / self.marker(shard), "\n".join(lines).encode())

    def finish(self, folder, plan):
        write_whole(folder / "all", str(plan.shards).encode())

    def settings(self):
        return {"word": self.word}

    def builder(self, plan):
        columns = {"instruct": {"instruction": "instruction", "response": "response"}}
        reader = {"kind": "table", "files": ["lines-*.jsonl"], "tasks": columns}
        return {"name": "n", "title": "t", "licence": "l", "get": "g", "folder": "f", "reader": reader}


PLAN = Plan(count=7, per_shard=3)


def read(folder):
    return [(folder / f"lines-{shard}.jsonl").read_text() for shard in range(PLAN.shards)]


def test_a_plan_cuts_entries_into_shards():
    assert PLAN.shards == 3
    assert [list(PLAN.numbers(shard)) for shard in range(3)] == [[0, 1, 2], [3, 4, 5], [6]]
    with pytest.raises(ConfigError, match="per_shard is too small: got 0"):
        Plan(count=3, per_shard=0)


@pytest.mark.parametrize("workers", [0, 2])
def test_all_shards_are_written_and_open(tmp_path, workers):
    told = []
    write_shards(
        Numbers(), tmp_path, plan=PLAN, workers=workers, report=lambda done, total: told.append((done, total))
    )
    assert told[0] == (0, 7)
    assert told[-1] == (7, 7)
    assert len(told) == 4
    reader = load_builder(tmp_path / BUILDER).open(tmp_path)
    assert reader.count("instruct") == 7
    assert (tmp_path / "all").read_text() == "3"


def test_what_was_cut_short_is_gone_on_with(tmp_path):
    with pytest.raises(OSError, match="the disk is full"):
        write_shards(Numbers(fails_at=1), tmp_path, plan=PLAN)
    assert not (tmp_path / "all").exists()
    before = (tmp_path / "lines-0.jsonl").stat().st_mtime_ns
    told = []
    write_shards(Numbers(), tmp_path, plan=PLAN, report=lambda done, total: told.append(done))
    assert told == [3, 6, 7]
    assert (tmp_path / "lines-0.jsonl").stat().st_mtime_ns == before
    whole = tmp_path / "whole"
    write_shards(Numbers(), whole, plan=PLAN)
    assert read(tmp_path) == read(whole)


def test_other_settings_are_refused(tmp_path):
    write_shards(Numbers(), tmp_path, plan=PLAN)
    with pytest.raises(ConfigError, match="was written with other settings: got another word"):
        write_shards(Numbers("m"), tmp_path, plan=PLAN)
    with pytest.raises(ConfigError, match="got another count"):
        write_shards(Numbers(), tmp_path, plan=Plan(count=8, per_shard=3))
