import numpy as np
import pytest

from unio.core import InputError
from unio.data.sources.file_rows import FileRows
from unio.data.sources.map_files import read_flow, read_normals

MAGIC = np.float32(202021.25).tobytes()


def test_unknown_ways_are_none(tmp_path):
    flow = np.array([[[1.0, 2.0], [1e10, 0.0], [np.nan, 0.0]]], "<f4")
    path = tmp_path / "a.flo"
    path.write_bytes(MAGIC + np.array([3, 1], "<i4").tobytes() + flow.tobytes())
    assert read_flow(path).tolist() == [[[2, 1], [0, 0], [0, 0]]]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PIEX" + bytes(20), "a.flo is no optical flow"),
        (b"", "is no optical flow: got 0 bytes"),
        (MAGIC + np.array([3, 1], "<i4").tobytes(), "does not hold what it says: got 12 bytes for 1 x 3"),
        (MAGIC + np.array([2**30, 2**30], "<i4").tobytes(), "does not hold what it says"),
        (MAGIC + np.array([-1, 1], "<i4").tobytes(), "does not hold what it says"),
    ],
)
def test_a_file_that_lies_is_told(tmp_path, raw, message):
    (tmp_path / "a.flo").write_bytes(raw)
    with pytest.raises(InputError, match=message):
        read_flow(tmp_path / "a.flo")
    with pytest.raises(InputError, match="cannot read"):
        read_flow(tmp_path / "none.flo")


def test_normals_are_unit_vectors_in_our_axes(tmp_path):
    np.save(tmp_path / "n.npy", np.array([[[0.0, 1.6, 1.2], [0, 0, 0]]]))
    found = read_normals(tmp_path / "n.npy", signs=(1, -1, 1))
    assert found[0, 0] == pytest.approx((0, -0.8, 0.6))
    assert found[0, 1].tolist() == [0, 0, 0]
    np.save(tmp_path / "flat.npy", np.zeros((3, 4)))
    with pytest.raises(InputError, match=r"flat.npy holds no normals: got \(3, 4\)"):
        read_normals(tmp_path / "flat.npy", signs=(1, 1, 1))


def test_objects_in_arrays_are_not_loaded(tmp_path):
    np.save(tmp_path / "n.npy", np.array([[object()]]), allow_pickle=True)
    with pytest.raises(InputError, match="cannot read"):
        read_normals(tmp_path / "n.npy", signs=(1, 1, 1))


def test_names_of_files_are_rows(tmp_path):
    for name in ("a_0007.png", "a_0008.png", "notes.txt"):
        (tmp_path / name).touch()
    rows = FileRows(tmp_path, sorted(tmp_path.iterdir()), r"(?P<scene>[a-z]+)_(?P<number>\d+)\.png")
    assert (len(rows), rows.place(1)) == (2, "a_0008.png")
    assert rows[0] == {
        "file": "a_0007.png",
        "scene": "a",
        "number": "0007",
        "number+1": "0008",
        "number-1": "0006",
    }
    with pytest.raises(InputError, match=r"no file of .* has a name like b.*: got 3 others"):
        FileRows(tmp_path, sorted(tmp_path.iterdir()), "b.*")
