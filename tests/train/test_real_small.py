"""The run on fetched data, with small folders in the layout that ``unio data fetch`` makes."""

import json
from pathlib import Path

import numpy as np
import pytest
from data.packages.packed import furniture_deb, stamp_deb

from unio.core import InputError
from unio.data.packages import PACKAGES, fetch
from unio.media import save_image
from unio.train import read_run
from unio.train.choices import make_source
from unio.train.model_config import ModelRun, batch_groups

PATH = Path(__file__).parents[2] / "configs" / "tune" / "real_small.yaml"


@pytest.fixture
def folders(tmp_path):
    """Overrides that name a folder of each data set."""
    archive = tmp_path / "stamps.deb"
    archive.write_bytes(stamp_deb())
    stamps = fetch(PACKAGES.get("tux_paint"), tmp_path / "stamps", archive=archive).folder
    archive.write_bytes(furniture_deb())
    furniture = fetch(PACKAGES.get("sweet_home"), tmp_path / "furniture", archive=archive).folder
    save_image(np.full((4, 4, 3), 200, np.uint8), tmp_path / "emoji" / "a.png")
    row = {"image": "a.png", "caption": "cat", "description": "an emoji of cat", "tags": ["cat"]}
    (tmp_path / "emoji" / "pictures-train.jsonl").write_text(json.dumps(row))
    places = {"openmoji": tmp_path / "emoji", "tux_paint": stamps, "tux_paint_sounds": stamps}
    places["sweet_home"] = furniture
    return [f"source.folders.{name}={place}" for name, place in places.items()]


def test_it_draws_from_every_data_set(folders):
    chosen = read_run(PATH, [*folders, f"source.builders={PATH.parents[1] / 'data'}"])
    assert isinstance(chosen, ModelRun)
    shares = chosen.mixture.shares
    assert shares["tux_paint_sounds/converse_audio"] == pytest.approx(5 / 106)
    assert shares["openmoji/caption"] + shares["tux_paint/caption"] == pytest.approx(20 / 106)
    assert shares["sweet_home/view_synthesis"] == pytest.approx(3 / 106)
    source = make_source(chosen.source)
    entries = (
        "openmoji/tag",
        "tux_paint/image_from_text",
        "tux_paint_sounds/audio_caption",
        "sweet_home/cuboid",
    )
    for entry in entries:
        assert source.example(entry, 0, 0).task == entry.partition("/")[2]
    assert len(batch_groups(chosen.mixture, chosen.batch)) == 3


def test_what_is_not_fetched_is_told_with_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(PATH.parents[2])
    with pytest.raises(InputError, match=r"openmoji is not there: .*get it: unio data fetch openmoji"):
        read_run(PATH, [f"source.folders.openmoji={tmp_path / 'none'}"])


def test_its_header_says_how_to_run_it():
    header = PATH.read_text().split("\nkind:")[0]
    assert all(f"#   {word}" in header for word in ("before", "command", "hardware", "expect"))
    assert "unio train configs/tune/real_small.yaml" in header
