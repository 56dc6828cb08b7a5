import numpy as np
import pytest

from unio.core import InputError
from unio.data.packages.sweet_home.wavefront import Material, read_materials, read_triangles

SQUARE = b"v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"
TEXTURE = np.array([[[0, 0, 0], [255, 0, 0]], [[0, 255, 0], [0, 0, 255]]], np.uint8)


def read(content, materials=None, texture=None):
    return read_triangles(content, materials=materials or {}, texture=lambda _: texture)


def test_polygons_are_fans():
    found = read(SQUARE + b"f 1 2 3 4\n")
    assert found.faces.tolist() == [[0, 1, 2], [0, 2, 3]]
    assert found.vertices.shape == (4, 3)
    assert np.unique(found.colours).tolist() == [0.7]


def test_materials_are_read_and_what_is_invisible_is_left_out():
    materials = read_materials(b"newmtl a b\nKd 0.1 0.2 2\nd 0.5\nmap_Kd wood one.png\nnewmtl gone\nd 0\n")
    assert materials["a b"] == Material(colour=(0.1, 0.2, 1.0), opacity=0.5, texture="wood one.png")
    found = read(SQUARE + b"usemtl gone\nf 1 2 3\nusemtl a b\nf 1 3 4\n", materials)
    assert found.faces.tolist() == [[0, 2, 3]]
    assert found.colours.tolist() == [[0.1, 0.2, 1.0]]


def test_a_texture_is_looked_up_from_below_and_repeats():
    textured = {"": Material(texture="t.png")}
    for u, v, colour in ((0.2, 0.2, [0, 1, 0]), (0.8, 0.2, [0, 0, 1]), (1.8, -0.2, [1, 0, 0])):
        spots = "".join(f"vt {u} {v}\n" for _ in range(3)).encode()
        found = read(SQUARE + spots + b"f 1/1/9 2/2/9 3/3/9\n", textured, TEXTURE)
        assert found.colours.tolist() == [colour]
    without = read(SQUARE + b"f 1 2 3\n", {"": Material(colour=(1, 0, 0), texture="t.png")}, TEXTURE)
    assert without.colours.tolist() == [[1, 0, 0]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SQUARE, "a model shows no faces"),
        (SQUARE + b"f 1 2 5\n", "a corner that is not there: got 5; expected 1 to 4"),
        (SQUARE + b"f 1 2 0\n", "a face has a corner without vertex"),
        (SQUARE + b"f -3 -2 -1\n", "a face has a corner that is not there"),
        (SQUARE + b"f 1 2 x\n", "a face is broken"),
        (b"v 0 0\n" + SQUARE + b"f 1 2 3\n", "a model's vertices are no numbers"),
        (b"v 0 0 x\nf 1 1 1\n", "a model's vertices are no numbers"),
    ],
)
def test_a_broken_model_is_told(content, message):
    with pytest.raises(InputError, match=message):
        read(content)


def test_a_broken_material_is_told():
    with pytest.raises(
        InputError, match=r"a material is broken: got 'Kd red'|a material is broken: got Kd red"
    ):
        read_materials(b"newmtl a\nKd red\n")
