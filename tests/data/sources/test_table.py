import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unio.core import ConfigError, InputError
from unio.data.sources.table import HuggingFace, Table, table_reader
from unio.media import encode_image

PNG = encode_image(np.full((6, 7, 3), 99, np.uint8), suffix=".png")
COLUMNS = {"caption": {"image": "jpg", "caption": "text"}}


def test_parquet_with_embedded_pictures(tmp_path, record):
    for part in range(2):
        rows = [{"jpg": {"bytes": PNG, "path": None}, "text": [f"part {part} row {row}"]} for row in range(3)]
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / f"train-{part}.parquet")
    reader = Table(kind="table", files=("train-*.parquet",), tasks=COLUMNS).open(tmp_path)
    assert reader.count("caption") == 6
    assert reader.shelf("caption").sizes == (3, 3)
    made = record(reader, "caption", 4)
    assert (made["caption"], made["image"].shape) == ("part 1 row 1", (6, 7, 3))


def test_jsonl_with_files_and_numbers(folder, record):
    folder.picture("pictures/a.png")
    row = {"file": "./pictures/a.png", "what": "wall", "box": [1, 2, 9, 9], "words": ["a", "b"]}
    folder.text("a.jsonl", json.dumps(row))
    columns = {
        "refer": {"image": "file", "expression": "what", "box": "box"},
        "tag": {"image": "file", "tags": "words"},
    }
    reader = Table(kind="table", files=("a.jsonl",), tasks=columns).open(folder.path)
    assert record(reader, "refer")["box"].tolist() == [1, 2, 9, 9]
    assert record(reader, "tag")["tags"] == ("a", "b")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"jpg": PNG}, "row 1: no column 'text': got jpg"),
        ({"jpg": PNG, "text": None}, "row 1: 'caption' is empty"),
        ({"jpg": PNG, "text": []}, "row 1: 'caption' is empty"),
        ({"jpg": "http://host/a.jpg", "text": "x"}, "row 1: the picture is an address"),
        ({"jpg": 5, "text": "x"}, "row 1: no picture: got int"),
        ({"jpg": "../a.jpg", "text": "x"}, "row 1: a file name leads out"),
    ],
)
def test_bad_rows_are_told(tmp_path, record, row, message):
    reader = table_reader([row], COLUMNS, name="t", folder=tmp_path, place=lambda number: f"row {number + 1}")
    with pytest.raises(InputError, match=message):
        record(reader, "caption")


def test_decoded_sounds_and_pictures(record):
    sound = {"array": np.zeros(800, np.float32), "sampling_rate": 8000}
    rows = [{"audio": sound, "text": "silence", "image": np.zeros((4, 5, 3), np.uint8)}]
    columns = {"audio_caption": {"audio": "audio", "caption": "text"}, **COLUMNS}
    reader = table_reader(rows, columns, name="t", folder=None, place=str)
    assert record(reader, "audio_caption")["audio"].rate == 16000
    rows[0]["audio"]["array"] = np.zeros((2, 800))
    with pytest.raises(InputError, match="a decoded sound of several channels"):
        record(reader, "audio_caption")


def test_faults_of_the_configuration_are_told(tmp_path):
    with pytest.raises(InputError, match=r"has no \*.jsonl"):
        Table(kind="table", files=("*.jsonl",), tasks=COLUMNS).open(tmp_path)
    with pytest.raises(ConfigError, match=r"tasks.caption names no column"):
        table_reader([], {"caption": {}}, name="t", folder=None, place=str)


def test_hugging_face_is_an_extra(tmp_path):
    pytest.importorskip("datasets", reason="the extra hugging-face")
    with pytest.raises(InputError, match="datasets cannot open"):
        HuggingFace(kind="hugging_face", tasks=COLUMNS).open(tmp_path / "none")


def test_boxes_in_other_orders_and_words_for_numbers(folder, record):
    folder.picture("a.png")
    row = {"image": "a.png", "what": "wall", "box": [1, 2, 9, 8], "is_true": 1}
    folder.text("a.jsonl", json.dumps(row))
    columns = {
        "refer": {"image": "image", "expression": "what", "box": "box"},
        "vqa": {"image": "image", "question": "Is it a {what}?", "answer": "is_true"},
    }
    boxes = {"yxyx": [1, 2, 9, 8], "xyxy": [2, 1, 8, 9], "xywh": [2, 1, 10, 10]}
    for order, wanted in boxes.items():
        formats = {"box": order, "words": {"answer": {"1": "yes"}}}
        config = Table(kind="table", files=("a.jsonl",), tasks=columns, formats=formats)
        assert record(config.open(folder.path), "refer")["box"].tolist() == wanted
    made = record(config.open(folder.path), "vqa")
    assert (made["question"], made["answer"]) == ("Is it a wall?", "yes")
    folder.text("a.jsonl", json.dumps({**row, "box": [1, 2, 3]}))
    with pytest.raises(InputError, match=r"bad box: got \[1, 2, 3\]; expected four numbers x y w h"):
        record(config.open(folder.path), "refer")


def test_only_rows_that_are_wanted_in_their_files(tmp_path, record):
    for part in range(3):
        rows = [{"jpg": PNG, "text": f"{part} {row}", "split": "ab"[row % 2]} for row in range(part + 1)]
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / f"train-{part}.parquet")
    config = Table(kind="table", files=("train-*.parquet",), tasks=COLUMNS, where={"split": "b"})
    reader = config.open(tmp_path)
    assert reader.shelf("caption").sizes == (1, 1)
    assert [record(reader, "caption", number)["caption"] for number in range(2)] == ["1 1", "2 1"]
    with pytest.raises(InputError, match=r"has no row where \{'split': 'c'\}: got 6 others"):
        config.model_copy(update={"where": {"split": "c"}}).open(tmp_path)


def test_cuboids_and_their_faults(folder, record):
    folder.picture("a.png")
    cuboid = {"centre": [0, 0, 2], "size": [1, 1, 1], "rotation": np.eye(3).tolist()}
    columns = {"cuboid": {"image": "image", "expression": "name", "cuboid": "cuboid", "focal": "focal"}}
    config = Table(kind="table", files=("a.jsonl",), tasks=columns)
    folder.text("a.jsonl", json.dumps({"image": "a.png", "name": "box", "cuboid": cuboid, "focal": 40}))
    assert record(config.open(folder.path), "cuboid")["cuboid"].size.tolist() == [1, 1, 1]
    folder.text("a.jsonl", json.dumps({"image": "a.png", "name": "box", "cuboid": {"size": 1}, "focal": 40}))
    with pytest.raises(InputError, match=r"bad cuboid: got \{'size': 1\}; expected \{centre"):
        record(config.open(folder.path), "cuboid")
