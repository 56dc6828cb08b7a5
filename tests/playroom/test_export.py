import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from unio.core import InputError
from unio.playroom.export import write_scene
from unio.playroom.renderer import render
from unio.playroom.sampling import sample_scene

SCENE = sample_scene(1, "test", count=(2, 2))


def read(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_files_hold_what_was_rendered(tmp_path: Path) -> None:
    paths = write_scene(SCENE, tmp_path / "scene", size=24)
    frame = render(SCENE, size=24)
    folder = tmp_path / "scene"
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in paths)
    np.testing.assert_array_equal(read(folder / "rgb.png"), frame.rgb)
    np.testing.assert_array_equal(read(folder / "ids.png").astype(int) - 2, frame.ids)
    np.testing.assert_allclose(read(folder / "depth.png") / 1000, frame.depth, atol=0.0006)
    np.testing.assert_allclose(read(folder / "normals.png") / 127.5 - 1, frame.normals, atol=0.005)
    samples, rate = soundfile.read(folder / "sound.wav")
    assert (rate, len(samples)) == (16000, 32512)


def test_record_names_things_boxes_and_camera(tmp_path: Path) -> None:
    write_scene(SCENE, tmp_path, size=24)
    record = json.loads((tmp_path / "scene.json").read_text())
    assert [thing["name"] for thing in record["things"]] == [thing.name for thing in SCENE.things]
    np.testing.assert_allclose([thing["box"] for thing in record["things"]], render(SCENE, size=24).boxes())
    np.testing.assert_allclose(record["things"][1]["corners"], SCENE.things[1].corners())
    np.testing.assert_allclose(record["camera"]["rotation"], SCENE.camera.rotation)
    assert record["ids"] == {"sky": 0, "floor": 1}


def test_too_many_things_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too many things to export: got 254; expected at most 253"):
        write_scene(SCENE.replace(things=SCENE.things[:1] * 254), tmp_path)
    assert not list(tmp_path.iterdir())
