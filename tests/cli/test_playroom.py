import numpy as np
import pytest
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


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("webdataset", "scenes-00001.tar"),
        ("webdataset-sounds", "sounds-00001.tar"),
        ("jsonl", "lines/00001.jsonl"),
        ("coco", "annotations/instances.json"),
        ("lerobot", "meta/info.json"),
    ],
)
def test_data_sets_are_written_and_gone_on_with(command, tmp_path, kind, file):
    arguments = ("playroom", "render", "--out", tmp_path, "--format", kind, "--size", 32, "--workers", 0)
    outcome = command(*arguments, "--count", 2, "--per-shard", 1)
    assert outcome.status == 0
    assert outcome.out == f"2 in 2 shards: {tmp_path}\n"
    assert (tmp_path / file).is_file()
    assert (tmp_path / "builder.yaml").is_file()
    assert command(*arguments, "--count", 2, "--per-shard", 1).status == 0


def test_data_sets_refuse_what_there_is_not(refused, tmp_path):
    arguments = ("playroom", "render", "--out", tmp_path)
    assert "unknown format: got 'zip'" in refused(*arguments, "--format", "zip")
    assert "unknown world: got 'moon'" in refused(*arguments, "--format", "coco", "--world", "moon")
