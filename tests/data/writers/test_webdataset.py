import io
import json
import tarfile

import numpy as np
import pytest
from PIL import Image

from unio.data.writers import TarShards
from unio.data.writers.webdataset import pack_tar


@pytest.fixture(scope="module")
def scenes(written, source):
    return written(TarShards(source=source, kind="scenes"), count=5, per_shard=2)


def test_scenes_come_back_to_the_same_records(scenes, source, record):
    _, reader = scenes
    assert reader.tasks == ("caption", "image_from_text", "bounded_caption")
    assert reader.shelf("caption").sizes == (2, 2, 1)
    for number in range(5):
        true = source.record("caption", 0, number)
        made = record(reader, "caption", number)
        assert made["caption"] == true["caption"]
        assert np.array_equal(made["image"], true["image"])
        assert np.array_equal(record(reader, "image_from_text", number)["picture"], true["image"])


def test_a_scene_has_all_its_truth(scenes, source):
    folder, _ = scenes
    with tarfile.open(folder / "scenes-00001.tar") as tar:
        members = {name: tar.extractfile(name).read() for name in tar.getnames()}
    assert len(members) == 12
    frame = source.view(0, 2).frame
    ids = np.array(Image.open(io.BytesIO(members["000002.ids.png"])))
    assert np.array_equal(ids.astype(int) - 2, frame.ids)
    depth = np.array(Image.open(io.BytesIO(members["000002.depth.png"])))
    assert np.abs(depth / 1000 - frame.depth).max() <= 0.0005 + 1e-6
    normals = np.array(Image.open(io.BytesIO(members["000002.normals.png"])))
    assert np.abs(normals / 127.5 - 1 - frame.normals).max() < 0.01
    scene = json.loads(members["000002.json"])
    assert len(scene["things"]) == len(source.view(0, 2).scene.things)


def test_sounds_come_back(written, source, record):
    _, reader = written(TarShards(source=source, kind="sounds"), count=2, per_shard=2)
    assert reader.tasks == ("audio_caption", "audio_from_text")
    true, made = source.record("audio_caption", 0, 1), record(reader, "audio_caption", 1)
    assert made["caption"] == true["caption"]
    assert np.abs(made["audio"].samples - np.clip(true["audio"].samples, -1, 1)).max() < 1e-4


def test_the_same_samples_give_the_same_bytes():
    samples = [("a", {"txt": b"one", "json": b"{}"})]
    assert pack_tar(samples) == pack_tar(samples)
    with tarfile.open(fileobj=io.BytesIO(pack_tar(samples))) as tar:
        assert tar.getnames() == ["a.txt", "a.json"]
