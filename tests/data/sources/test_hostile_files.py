"""Data is never code: pickles in Parquet and YAML are not loaded, and names do not lead out of the folder."""

import pickle
from contextlib import suppress

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unio.core import InputError
from unio.data.sources.conversations import Conversations
from unio.data.sources.rows import open_rows
from unio.data.sources.table import Table


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def write(path, columns, *, metadata=None):
    fields = [pa.field(name, values.type, metadata=metadata) for name, values in columns.items()]
    pq.write_table(pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields)), path)


@pytest.mark.filterwarnings("ignore")
def test_a_pickle_in_parquets_schema_is_not_loaded(tmp_path):
    metadata = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(Trap()),
    }
    write(tmp_path / "a.parquet", {"text": pa.array([b"words"])}, metadata=metadata)
    rows = open_rows(tmp_path / "a.parquet")
    assert len(rows) == 1
    with suppress(InputError):  # told or read, but not run
        assert rows[0]["text"] == b"words"


def test_a_pickle_in_parquets_columns_stays_bytes(tmp_path):
    write(tmp_path / "a.parquet", {"text": pa.array([pickle.dumps(Trap())])})
    assert open_rows(tmp_path / "a.parquet")[0]["text"] == pickle.dumps(Trap())


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "link.png", "http://host/a.png"])
def test_names_in_parquet_do_not_lead_out(tmp_path, record, name):
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    write(folder / "a.parquet", {"image": pa.array([name]), "caption": pa.array(["x"])})
    columns = {"caption": {"image": "image", "caption": "caption"}}
    reader = Table(kind="table", files=("a.parquet",), tasks=columns).open(folder)
    with pytest.raises(InputError, match=r"a.parquet row 1: .*(leads out|is an address)"):
        record(reader, "caption")
    texts = {"caption": {"image": "{image}", "caption": "caption"}}
    with pytest.raises(InputError, match=r"a.parquet row 1: .*(leads out|is an address)"):
        record(Table(kind="table", files=("a.parquet",), tasks=texts).open(folder), "caption")


@pytest.mark.parametrize("pattern", ["../*.parquet", "/etc/*.json", "pipe:cat x.parquet"])
def test_patterns_do_not_lead_out_or_run(tmp_path, pattern):
    config = Table(kind="table", files=(pattern,), tasks={"caption": {"image": "image"}})
    with pytest.raises(InputError, match="a pattern leads out of the data set's folder"):
        config.open(tmp_path)


def test_a_tag_of_yaml_makes_no_object(tmp_path):
    (tmp_path / "a.yaml").write_text("- !!python/object/apply:pytest.fail ['code was run']\n")
    with pytest.raises(InputError, match=r"a.yaml is not plain YAML: got could not determine a constructor"):
        open_rows(tmp_path / "a.yaml")


ASK = {"role": "user", "content": "<image>What?"}
PARTS = [{"type": "image", "image": "a.png", "text": None}, {"type": "text", "image": None, "text": "What?"}]
DIALECTS = {
    "own": {"messages": [ASK, {"role": "assistant", "content": "Red."}], "images": ["a.png"]},
    "sharegpt": {
        "conversations": [{"from": "human", "value": "<image>What?"}, {"from": "gpt", "value": "Red."}],
        "images": ["a.png"],
    },
    "openai": {
        "messages": [
            {"role": "user", "content": PARTS},
            {"role": "assistant", "content": [{"type": "text", "image": None, "text": "Red."}]},
        ]
    },
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_read_from_parquet_and_its_media_are_counted(folder, record, dialect):
    folder.picture("a.png")
    row = DIALECTS[dialect]
    pq.write_table(pa.Table.from_pylist([row, row]), folder.path / "a.parquet")
    config = Conversations(kind="conversations", files=("a.parquet",))
    made = record(config.open(folder.path), "converse", 1)
    assert (made["prompt"], made["answer"]) == ("<image_input>What?", "Red.")
    too_many = {**row, "images": [*row.get("images", []), "a.png"]}
    pq.write_table(
        pa.Table.from_pylist([{**row, "images": row.get("images")}, too_many]), folder.path / "a.parquet"
    )
    with pytest.raises(InputError, match=r"a.parquet row 2: 1 places <image> for 2 images"):
        config.open(folder.path)
