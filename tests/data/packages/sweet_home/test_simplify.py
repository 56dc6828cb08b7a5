import numpy as np
import pytest
from data.packages.packed import furniture_catalogue

from unio.core import InputError
from unio.data.packages.sweet_home import simplify
from unio.data.packages.sweet_home.catalogue import open_catalogue
from unio.data.packages.sweet_home.simplify import small_mesh
from unio.data.packages.sweet_home.wavefront import Triangles

ENTRY = open_catalogue(furniture_catalogue(), name="Small.sh3f").entries[0]
SIZE = np.array([0.4, 0.5, 0.9])


def sphere(count):
    """A unit sphere of ``count`` rings of ``2 count`` corners, in rainbow colours."""
    up, around = np.meshgrid(
        np.linspace(0, np.pi, count), np.arange(2 * count) * np.pi / count, indexing="ij"
    )
    places = np.stack([np.sin(up) * np.cos(around), np.cos(up), np.sin(up) * np.sin(around)], axis=-1)
    rows = np.arange(count * 2 * count).reshape(count, 2 * count)
    beside = np.roll(rows, -1, axis=1)
    first = np.stack([rows[:-1], beside[:-1], rows[1:]], axis=-1).reshape(-1, 3)
    second = np.stack([beside[:-1], beside[1:], rows[1:]], axis=-1).reshape(-1, 3)
    faces = np.concatenate([first, second])
    colours = (places.reshape(-1, 3)[faces].mean(axis=1) + 1) / 2
    return Triangles(vertices=places.reshape(-1, 3), faces=faces, colours=colours)


def test_a_dense_model_becomes_small_and_keeps_its_shape(monkeypatch):
    monkeypatch.setattr(simplify, "GRIDS", (40, 20, 12))
    monkeypatch.setattr(simplify, "MAX_TRIANGLES", 1000)
    mesh = small_mesh(sphere(60), ENTRY)
    assert 100 < len(mesh.faces) <= 1000
    assert len(mesh.colours) == simplify.MAX_COLOURS
    radius = np.linalg.norm(mesh.vertices / (SIZE / 2), axis=1)
    assert radius.min() > 0.9
    assert radius.max() < 1.1
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0), SIZE, rtol=1e-5)


def test_colours_stay_near_their_faces():
    mesh = small_mesh(sphere(40), ENTRY)
    middles = mesh.vertices[mesh.faces].mean(axis=1) / (SIZE / 2)
    told = mesh.colours[mesh.parts] / 255 * 2 - 1
    true = np.stack([middles[:, 0], middles[:, 2], -middles[:, 1]], axis=1)  # OBJ's axes
    assert np.abs(told - true).mean() < 0.35
    assert np.corrcoef(told[:, 1], true[:, 1])[0, 1] > 0.75


def test_where_no_grid_is_coarse_enough_the_largest_faces_stay(monkeypatch):
    monkeypatch.setattr(simplify, "MAX_TRIANGLES", 2)
    corners = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 0], [1, 0, 1], [0, 1, 1], [5, 5, 9]], np.float64)
    faces = np.array([[0, 1, 2], [0, 3, 4], [1, 2, 5]])
    mesh = small_mesh(Triangles(vertices=corners, faces=faces, colours=np.eye(3)), ENTRY)
    assert sorted(mesh.colours.tolist()) == [[0, 0, 255], [255, 0, 0]]


def test_two_sides_of_a_sheet_become_one():
    corners = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 4]], np.float64)
    faces = np.array([[0, 1, 2], [2, 1, 0]])
    mesh = small_mesh(Triangles(vertices=corners, faces=faces, colours=np.ones((2, 3))), ENTRY)
    assert len(mesh.faces) == 1


def test_lines_are_no_surface():
    corners = np.array([[0, 0, 0], [9, 0, 0], [4, 0, 0]], np.float64)
    with pytest.raises(InputError, match="a model has no surface: got 1 faces that are lines"):
        small_mesh(Triangles(vertices=corners, faces=np.array([[0, 1, 2]]), colours=np.ones((1, 3))), ENTRY)
