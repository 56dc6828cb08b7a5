import numpy as np
from PIL import Image


def test_one_scene_with_all_its_truth(command, tmp_path):
    outcome = command(
        "playroom", "render", "--seed", 4, "--split", "novel", "--size", 48, "--out", tmp_path / "scene"
    )
    assert outcome.status == 0
    names = {path.name for path in (tmp_path / "scene").iterdir()}
    assert names == {
        "rgb.png",
        "depth.png",
        "normals.png",
        "ids.png",
        "scene.json",
        "sound.wav",
        "look.png",
        "drop.webp",
    }
    assert np.asarray(Image.open(tmp_path / "scene" / "rgb.png")).shape == (48, 48, 3)


def test_an_unknown_split_is_refused_and_leaves_nothing(refused, tmp_path):
    message = refused("playroom", "render", "--split", "exam", "--out", tmp_path / "scene")
    assert message == "unknown split: got 'exam'; expected one of train, test, novel"
    assert not (tmp_path / "scene").exists()
