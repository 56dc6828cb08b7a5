import json
from pathlib import Path

import numpy as np
import pytest
from data.packages.packed import openmoji_files

from unio.core import InputError
from unio.data.packages.openmoji import lay_out_openmoji
from unio.data.sources.builder import load_builder
from unio.data.sources.read_source import ReadSource

BUILDER = Path(__file__).resolve().parents[3] / "configs" / "data" / "openmoji.yaml"


def test_pictures_names_and_tags_are_read_back(tmp_path):
    pytest.importorskip("resvg_py", reason="the extra openmoji")
    assert lay_out_openmoji(openmoji_files(), tmp_path) == {"pictures-train": 2, "pictures-test": 0}
    source = ReadSource(load_builder(BUILDER), tmp_path)
    assert source.families() == ["caption", "tag", "image_from_text", "bounded_caption"]
    said = {source.example("caption", 0, index).target_text for index in range(2)}
    assert said == {"grinning face", "cat"}
    tagged = {source.example("tag", 0, index).target_text for index in range(2)}
    assert tagged == {"happy, face, smile", "animal mammal"}
    drawn = source.example("image_from_text", 0, 0)
    assert "an emoji of" in drawn.prompt
    assert drawn.target_image is not None
    assert drawn.target_image.shape == (256, 256, 3)
    assert drawn.target_image[[10, 200], 100].tolist() == [[255, 0, 0], [255, 255, 255]]
    assert np.unique([path.name for path in (tmp_path / "pictures").iterdir()]).tolist() == [
        "1F408.png",
        "1F600.png",
    ]
    assert (tmp_path / "LICENCE.txt").read_text().startswith("Attribution-ShareAlike")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"package/data/openmoji.json": None}, r"openmoji has no package/data/openmoji\.json"),
        ({"package/LICENSE.txt": None}, r"openmoji has no package/LICENSE\.txt"),
        ({"package/data/openmoji.json": b"{"}, r"openmoji\.json is broken: got JSONDecodeError"),
        ({"package/data/openmoji.json": b'[{"a": 1}]'}, r"openmoji\.json is broken: got KeyError 'hexcode'"),
        ({"package/data/openmoji.json": b"[]"}, r"openmoji holds no pictures in the layout that unio knows"),
    ],
)
def test_another_layout_is_told(tmp_path, changes, message):
    files = {**openmoji_files(), "package/data/openmoji.json": json.dumps([]).encode(), **changes}
    with pytest.raises(InputError, match=message):
        lay_out_openmoji({name: held for name, held in files.items() if held is not None}, tmp_path)
