import numpy as np
import pytest
from playroom.furniture.boxes import box_mesh
from safetensors.numpy import save

from unio.core import InputError
from unio.data.sources.furniture import mesh_file
from unio.data.sources.furniture.mesh_file import LAYOUT, read_mesh, write_mesh


def test_what_is_written_is_read_back(tmp_path):
    mesh = box_mesh((0.4, 0.5, 0.9))
    write_mesh(mesh, tmp_path / "a" / "box.safetensors")
    found = read_mesh(tmp_path / "a" / "box.safetensors")
    for name in LAYOUT:
        assert np.array_equal(getattr(found, name), getattr(mesh, name))


def tensors(**changes):
    mesh = box_mesh((1, 1, 1))
    held = {name: getattr(mesh, name) for name in LAYOUT} | changes
    return {name: value for name, value in held.items() if value is not None}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"broken", r"box\.safetensors is broken"),
        (save(tensors(faces=None)), r"is no mesh: got faces: missing"),
        (save(tensors(faces=np.zeros((12, 3), np.int64))), r"is no mesh: got faces: int64 \(12, 3\)"),
        (save(tensors(vertices=np.zeros((8, 2), np.float32))), r"is no mesh: got vertices: float32 \(8, 2\)"),
        (save(tensors(parts=np.zeros(3, np.uint8))), r"is no mesh: expected as many parts as faces"),
        (save(tensors(faces=np.full((12, 3), 8, np.int32))), "a face has a corner that is not there"),
    ],
)
def test_what_is_no_mesh_is_told(tmp_path, content, message):
    path = tmp_path / "box.safetensors"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_mesh(path)


def test_what_is_missing_or_huge_is_told(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"cannot read .*none"):
        read_mesh(tmp_path / "none")
    monkeypatch.setattr(mesh_file, "MAX_BYTES", 3)
    (tmp_path / "box").write_bytes(b"1234")
    with pytest.raises(InputError, match="box is too large for a mesh"):
        read_mesh(tmp_path / "box")
