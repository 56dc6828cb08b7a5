import json
from pathlib import Path

import pytest

from unio.core import UnioError
from unio.train.log_file import append_line, forget_after, read_log


def test_lines_are_added_and_cut_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "log.jsonl"
    for step in (1, 2, 3):
        append_line(path, {"step": step})
    with path.open("a") as file:
        file.write('{"step": 4, "cut sh')
    assert [line["step"] for line in read_log(path)] == [1, 2, 3]
    forget_after(path, 2)
    assert [json.loads(text) for text in path.read_text().splitlines()] == [{"step": 1}, {"step": 2}]


def test_a_log_that_is_not_there_is_nothing_to_forget(tmp_path: Path) -> None:
    forget_after(tmp_path / "log.jsonl", 2)
    assert not list(tmp_path.iterdir())


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").mkdir()
    with pytest.raises(UnioError, match=r"cannot write the log .*; fix: free some space and run the same"):
        append_line(tmp_path / "log.jsonl", {"step": 1})
