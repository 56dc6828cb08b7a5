import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unio.core import InputError
from unio.data.sources.files import CsvLayout
from unio.data.sources.rows import open_rows

ROWS = [{"a": number, "b": f"text {number}"} for number in range(5)]


def test_lines_by_number_with_their_places(folder):
    rows = open_rows(folder.text("a.jsonl", "\n".join(["", json.dumps(ROWS[0]), "", json.dumps(ROWS[1])])))
    assert list(rows) == ROWS[:2]
    assert rows[0:2] == ROWS[:2]
    assert rows.place(1) == "a.jsonl line 4"


def test_a_list_in_one_json_file(folder):
    rows = open_rows(folder.json("a.json", [*ROWS, 7]))
    assert (rows[4], rows.place(4), len(rows)) == (ROWS[4], "a.json entry 5", 6)
    assert rows[:2] == ROWS[:2]
    with pytest.raises(InputError, match="the entry is no object: got int"):
        rows[5]


def test_parquet_row_groups(tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet", row_group_size=2)
    rows = open_rows(tmp_path / "a.parquet")
    assert list(rows) == ROWS
    assert rows[1:3] == ROWS[1:3]
    assert rows.place(4) == "a.parquet row 5"
    assert rows.columns == ("a", "b")
    with pytest.raises(IndexError):
        rows[5]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "the line is not valid JSON"),
        ("[1]", "the line holds no object: got list"),
        ("[" * 9999, "not valid"),
    ],
)
def test_a_bad_line_is_told(folder, line, message):
    rows = open_rows(folder.text("a.jsonl", line))
    with pytest.raises(InputError, match=message):
        rows[0]


def test_files_that_cannot_be_read_are_told(tmp_path):
    for name in ("none.jsonl", "none.json", "none.parquet"):
        with pytest.raises(InputError, match="cannot read"):
            open_rows(tmp_path / name)
    (tmp_path / "a.parquet").write_bytes(b"x" * 99)
    with pytest.raises(InputError, match=r"a.parquet is broken"):
        open_rows(tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"cannot read rows of a.pkl: got .pkl"):
        open_rows(tmp_path / "a.pkl")


def test_lines_that_are_called_json(folder):
    rows = open_rows(folder.text("a.json", '{"a": 1}\n{"a": 2}\n'))
    assert ([row["a"] for row in rows], rows.place(1)) == ([1, 2], "a.json line 2")


def test_rows_deep_in_a_file_and_by_name(folder):
    path = folder.json("a.json", {"data": {"dialogs": ROWS}, "info": {"x": 1}})
    assert list(open_rows(path, at="data.dialogs")) == ROWS
    with pytest.raises(
        InputError, match=r"a.json has no 'data.none': got no 'none'; expected a list of rows"
    ):
        open_rows(path, at="data.none")
    named = open_rows(folder.json("b.json", {"x": {"a": 1}, "y": {"a": 2, "key": "own"}}))
    assert list(named) == [{"key": "x", "a": 1}, {"key": "own", "a": 2}]


def test_csv_tsv_and_yaml(folder):
    assert open_rows(folder.text("a.csv", "a,b\n1,x\n2,y\n"))[1] == {"a": "2", "b": "y"}
    assert open_rows(folder.text("a.tsv", "a\tb\n1\tx\n")).place(0) == "a.tsv line 2"
    layout = CsvLayout(delimiter="|", quoted=False, header=("a", "b"))
    bare = open_rows(folder.text("b.csv", '1|"x" said\n'), layout=layout)
    assert (bare[0], bare.place(0)) == ({"a": "1", "b": '"x" said'}, "b.csv line 1")
    assert list(open_rows(folder.text("a.yaml", "files:\n- a: 1\n"), at="files")) == [{"a": 1}]
    with pytest.raises(InputError, match=r"b.yaml is not plain YAML"):
        open_rows(folder.text("b.yaml", "a: [1"))
