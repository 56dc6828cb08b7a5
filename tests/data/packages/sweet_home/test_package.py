import json

import numpy as np
import pytest
from data.packages.packed import PROPERTIES, furniture_catalogue, furniture_deb, furniture_files

from unio.core import InputError
from unio.data.packages import PACKAGES, fetch
from unio.data.packages.sweet_home import SWEET_HOME, lay_out_sweet_home
from unio.data.sources.furniture.mesh_file import read_mesh

BOTH_TRAIN = {"furniture-train": 2, "furniture-test": 0}


def kept(catalogue=None):
    files = {name.removeprefix("./"): held for name, held in furniture_files(catalogue).items()}
    return {name: held for name, held in files.items() if SWEET_HOME.is_data(name)}


def rows_of(folder):
    return [json.loads(line) for line in (folder / "furniture-train.jsonl").read_text().splitlines()]


def test_the_archive_becomes_a_table_of_names_and_sizes(tmp_path):
    archive = tmp_path / "furniture.deb"
    archive.write_bytes(furniture_deb())
    folder = tmp_path / "furniture"
    assert fetch(PACKAGES.get("sweet_home"), folder, archive=archive).counts == BOTH_TRAIN
    assert (folder / "LICENCE.txt").read_text() == "CC-BY-3.0"
    chair, stand = rows_of(folder)
    assert chair == {
        "mesh": "meshes/small/chair-1.safetensors",
        "name": "chair",
        "category": "living room",
        "tags": ["seat", "wood"],
        "width": 0.4,
        "depth": 0.5,
        "height": 0.9,
        "elevation": 0.0,
        "door_or_window": False,
        "creator": "Nobody",
        "licence": "Creative Commons Attribution 3.0 license © nobody",
    }
    assert (stand["name"], stand["tags"], stand["width"]) == ("TV stand", [], 1.2)


def test_meshes_have_the_real_size_and_stand_upright(tmp_path):
    lay_out_sweet_home(kept(), tmp_path)
    for row in rows_of(tmp_path):
        mesh = read_mesh(tmp_path / row["mesh"])
        half = np.array([row["width"], row["depth"], row["height"]]) / 2
        np.testing.assert_allclose(mesh.vertices.max(axis=0), half, rtol=1e-5)
        np.testing.assert_allclose(mesh.vertices.min(axis=0), -half, rtol=1e-5)
        assert len(mesh.faces) == 12


def front_of(mesh):
    """The middle of the part that has the front's grey."""
    part = mesh.colours.tolist().index([51, 51, 51])
    return mesh.vertices[mesh.faces[mesh.parts == part]].mean(axis=(0, 1))


def test_the_front_is_before_and_a_rotation_turns_it(tmp_path):
    lay_out_sweet_home(kept(), tmp_path)
    chair, stand = (read_mesh(tmp_path / row["mesh"]) for row in rows_of(tmp_path))
    np.testing.assert_allclose(front_of(chair), [0, -0.25, 0], atol=1e-6)
    np.testing.assert_allclose(front_of(stand), [0.6, 0, 0], atol=1e-6)


def test_colours_are_the_materials_or_the_textures_where_it_is_seen(tmp_path):
    lay_out_sweet_home(kept(), tmp_path)
    chair, stand = (read_mesh(tmp_path / row["mesh"]) for row in rows_of(tmp_path))
    assert sorted(chair.colours.tolist()) == [[51, 51, 51], [255, 128, 0]]
    assert [0, 0, 255] in stand.colours.tolist()  # v = 0.25 from below is the lower half, and blue


@pytest.mark.parametrize(
    ("catalogue", "message"),
    [
        (b"broken", r"Small\.sh3f is broken: got File is not a zip file"),
        (
            furniture_catalogue(**{"small/tv/tv.obj": None}),
            r"Small\.sh3f, small/tv/tv\.obj: the catalogue has no",
        ),
        (
            furniture_catalogue(**{"small/tv/tv.obj": b"o Nothing"}),
            r"small/tv/tv\.obj: a model shows no faces",
        ),
        (furniture_catalogue(**{"small/tv/checks.png": b"broken"}), r"small/tv/tv\.obj: .*picture"),
        (
            furniture_catalogue(**{"PluginFurnitureCatalog.properties": None}),
            r"Small\.sh3f has no PluginFurn",
        ),
        (
            furniture_catalogue(PROPERTIES.replace("width#1=40", "")),
            r"entry 1 has no width: expected width#1",
        ),
        (furniture_catalogue(PROPERTIES.replace("=50.0", "=wide")), r"a size of entry 1 is no number"),
        (
            furniture_catalogue(PROPERTIES.replace("=50.0", "=-1")),
            r"entry 1 has no size: got 0.4 -0.01 0.9 m",
        ),
    ],
)
def test_a_broken_catalogue_is_told_with_its_place(tmp_path, catalogue, message):
    with pytest.raises(InputError, match=message):
        lay_out_sweet_home(kept(catalogue), tmp_path)


def test_another_layout_is_told(tmp_path):
    files = kept()
    licence = next(name for name in files if name.endswith("copyright"))
    with pytest.raises(InputError, match="sweethome3d-furniture holds no furniture in the layout"):
        lay_out_sweet_home({licence: b""}, tmp_path)
    del files[licence]
    with pytest.raises(InputError, match="sweethome3d-furniture has no usr/share/doc/"):
        lay_out_sweet_home(files, tmp_path)


def test_names_of_models_cannot_lead_out_of_the_folder(tmp_path):
    named = PROPERTIES.replace("name#1=Chair", "name#1=../../Chair")
    lay_out_sweet_home(kept(furniture_catalogue(named)), tmp_path / "furniture")
    assert rows_of(tmp_path / "furniture")[0]["mesh"] == "meshes/small/chair-1.safetensors"
    assert [path.name for path in tmp_path.iterdir()] == ["furniture"]
