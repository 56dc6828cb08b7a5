import numpy as np
import pytest
from PIL import Image

from unio.core import InputError
from unio.data.sources.depth_pairs import DepthPairs, read_depth

CONFIG = DepthPairs(kind="depth_pairs")


@pytest.fixture
def layout(folder):
    folder.picture("images/a.jpg", height=4, width=6)
    (folder.path / "depth").mkdir()
    depth = np.full((4, 6), 2500, np.uint16)
    depth[0, 0] = 0
    Image.fromarray(depth).save(folder.path / "depth" / "a.png")
    return folder


def test_millimetres_become_metres(layout, record):
    made = record(CONFIG.open(layout.path), "depth")
    assert made["depth"].shape == made["image"].shape[:2]
    assert made["depth"][0, 0] == 0
    assert made["depth"][1, 1] == pytest.approx(2.5)
    assert record(CONFIG.open(layout.path), "controllable_image")["control"] == "depth"


def test_arrays_are_read_but_objects_are_not(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[1.0, 9.0]], np.float32))
    assert read_depth(tmp_path / "a.npy", unit=1, unknown=9).tolist() == [[1.0, 0.0]]
    np.save(tmp_path / "b.npy", np.array([[object()]]), allow_pickle=True)
    with pytest.raises(InputError, match=r"cannot read .*b.npy"):
        read_depth(tmp_path / "b.npy", unit=1)


def test_faults_are_told(layout, record):
    Image.fromarray(np.ones((4, 6, 3), np.uint8)).save(layout.path / "depth" / "a.png")
    with pytest.raises(InputError, match=r"a.png is no depth map: got RGB"):
        record(CONFIG.open(layout.path), "depth")
    Image.fromarray(np.ones((5, 6), np.uint8)).save(layout.path / "depth" / "a.png")
    with pytest.raises(InputError, match=r"a.png: picture and depth map differ in size"):
        record(CONFIG.open(layout.path), "depth")
    Image.fromarray(np.zeros((4, 6), np.uint8)).save(layout.path / "depth" / "a.png")
    with pytest.raises(InputError, match=r"a.png knows no depth at all"):
        record(CONFIG.open(layout.path), "depth")
    (layout.path / "depth" / "a.png").write_text("x")
    with pytest.raises(InputError, match="cannot read"):
        record(CONFIG.open(layout.path), "depth")
    np.save(layout.path / "c.npy", np.ones(3))
    with pytest.raises(InputError, match=r"c.npy is no depth map: got float64"):
        read_depth(layout.path / "c.npy", unit=1)
    layout.picture("images/lone.png")
    with pytest.raises(InputError, match=r"images/lone.png has no depth map"):
        CONFIG.open(layout.path)
