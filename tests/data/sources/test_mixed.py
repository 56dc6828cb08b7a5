import json
from pathlib import Path

import pytest

from unio.core import ConfigError, InputError
from unio.data.mixture_file import OWN
from unio.data.sources.mixed import MixedSource, open_data_sets
from unio.data.sources.playroom import PlayroomSource

BUILDER = """
name: sums
title: sums by hand
licence: none
get: it is here
folder: rows.jsonl
reader: {kind: table, files: [rows.jsonl], tasks: {instruct: {instruction: ask, response: answer}}}
splits: {train: rows}
"""


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "sums.yaml").write_text(BUILDER)
    rows = [{"ask": f"{number} + 1", "answer": str(number + 1)} for number in range(5)]
    rows[3] = {"ask": "3 + 1"}
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return {"sums": tmp_path}


def test_data_sets_stand_beside_the_own_source(tmp_path: Path, folders: dict[str, Path]) -> None:
    own = PlayroomSource(split="train")
    source = MixedSource(own=own, sets=open_data_sets(folders, builders=tmp_path))
    offers = source.offers()
    assert offers["sums"] == {"instruct": 5}
    assert offers[OWN] == dict.fromkeys(own.families())
    assert source.example("arithmetic", 1, 2).prompt == own.example("arithmetic", 1, 2).prompt
    broken, answers = 0, []
    for index in range(5):
        try:
            answers.append(source.example("sums/instruct", 0, index).target_text)
        except InputError:
            broken = index
    assert sorted(map(str, answers)) == ["1", "2", "3", "5"]
    with pytest.raises(InputError, match=r"data set sums: rows.jsonl line 4: no column 'answer'"):
        source.example("sums/instruct", 0, broken)


def test_unknown_names_are_told(tmp_path: Path, folders: dict[str, Path]) -> None:
    source = MixedSource(sets=open_data_sets(folders, builders=tmp_path))
    with pytest.raises(ConfigError, match=r"no such data set: got sum/instruct; expected one of sums;"):
        source.example("sum/instruct", 0, 0)
    with pytest.raises(ConfigError, match=r"no source of its own has this task: got vqa"):
        source.example("vqa", 0, 0)
    with pytest.raises(ConfigError, match=r"no builder describes the data set 'other'.*one of sums"):
        open_data_sets({"other": tmp_path}, builders=tmp_path)


def test_a_wrong_folder_is_told_at_once(tmp_path: Path, folders: dict[str, Path]) -> None:
    del folders
    with pytest.raises(InputError, match="sums is not there"):
        open_data_sets({"sums": tmp_path / "nowhere"}, builders=tmp_path)
