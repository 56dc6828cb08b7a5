import json
from pathlib import Path

import numpy as np
import pytest
from playroom.furniture.boxes import box_mesh

from unio.core import InputError, random_stream
from unio.data.sources.builder import load_builder
from unio.data.sources.furniture import Furniture
from unio.data.sources.furniture.mesh_file import write_mesh
from unio.data.sources.furniture.records import RECORDS
from unio.data.sources.furniture.rooms import _Rooms, _view  # pyright: ignore[reportPrivateUsage]
from unio.data.sources.read_source import ReadSource
from unio.data.tasks import TASKS
from unio.schema import ModelOutput

BUILDER = Path(__file__).resolve().parents[4] / "configs" / "data" / "sweet_home.yaml"
SIZES = {
    "chair": (0.5, 0.5, 0.9),
    "table": (1.6, 0.9, 0.75),
    "wardrobe": (1.2, 0.6, 2.0),
    "stool": (0.4, 0.4, 0.5),
}


def row(name, size, **changes):
    width, depth, height = size
    told = {"mesh": f"meshes/{name}.safetensors", "name": name, "category": "living room"}
    return told | {"width": width, "depth": depth, "height": height} | changes


def write_rows(folder, rows):
    text = "".join(f"{json.dumps(one)}\n" for one in rows)
    (folder / "furniture-train.jsonl").write_text(text)


@pytest.fixture
def catalogue(tmp_path):
    """Four models that stand on a floor, and three that do not."""
    for name, size in SIZES.items():
        write_mesh(box_mesh(size), tmp_path / "meshes" / f"{name}.safetensors")
    rows = [row(name, size) for name, size in SIZES.items()]
    rows.append(row("window", (1, 0.1, 1), door_or_window=True))
    rows.append(row("lamp", (0.3, 0.3, 0.3), elevation=1.9))
    rows.append(row("rug", (2, 2, 0.01)))
    write_rows(tmp_path, rows)
    return tmp_path


def reader_of(folder, **changes):
    values = {"kind": "furniture", "catalogue": "furniture-train.jsonl", "size": 64} | changes
    return Furniture.model_validate(values).open(folder)


def test_the_shipped_builder_makes_examples_of_every_family(catalogue):
    source = ReadSource(load_builder(BUILDER), catalogue)
    assert set(source.families()) >= set(RECORDS)
    for task in source.families():
        example = source.example(task, 0, 5)
        family = TASKS.get(task)
        said = ModelOutput(text=example.target_text, image=example.target_image)
        score = family.score(family.parse(said, example), example.truth)[family.metric]
        best = score <= 3 if not family.higher_is_better else score >= 0.95
        assert best, f"{task}: the truth itself scores {score}"


def test_only_what_stands_on_a_floor_is_in_a_room(catalogue):
    reader = reader_of(catalogue)
    rng = random_stream(0)
    named = {label for number in range(30) for label in reader.record("detect", number, rng)["labels"]}
    assert named == set(SIZES)


def test_a_room_is_a_pure_function_of_its_number(catalogue):
    first, again = (reader_of(catalogue).record("caption", 7, random_stream(1)) for _ in range(2))
    assert np.array_equal(first["image"], again["image"])
    assert first["caption"] == again["caption"]
    other = reader_of(catalogue).record("caption", 8, random_stream(1))
    assert not np.array_equal(first["image"], other["image"])


def view_of(folder, number):
    from unio.data.sources.furniture import rooms

    rows = [json.loads(line) for line in (folder / "furniture-train.jsonl").read_text().splitlines()]
    models = tuple(model for one in rows if (model := rooms._model(one, folder, "row")) is not None)
    return _view(_Rooms(models=models, name="furniture-train", size=64), number)


def test_records_agree_with_the_room(catalogue):
    reader = reader_of(catalogue)
    for number in range(25):
        view = view_of(catalogue, number)
        rng = random_stream(number, "records")
        names = [piece.model.name for piece in view.room.pieces]
        detected = reader.record("detect", number, rng)
        assert sorted(detected["labels"]) == sorted(names)
        for box, label in zip(detected["boxes"], detected["labels"], strict=True):
            index = names.index(label)
            rows, columns = np.nonzero(view.frame.ids == index)
            assert box.tolist() == [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]
        region = reader.record("region_class", number, rng)
        assert region["box"].tolist() in detected["boxes"].tolist()
        marked = reader.record("segment_refer", number, rng)
        assert any(np.array_equal(marked["mask"], view.frame.ids == index) for index in range(len(names)))
        tagged = reader.record("tag", number, rng)["tags"]
        assert set(tagged) == {*names, "living room"}
        caption = reader.record("caption", number, rng)["caption"].lower()
        assert all(name in caption for name in names)
        assert not any(name in caption for name in SIZES.keys() - set(names))
        assert np.array_equal(reader.record("depth", number, rng)["depth"], view.frame.depth)


def test_cuboids_are_the_boxes_around_the_pieces(catalogue):
    reader = reader_of(catalogue)
    for number in range(25):
        view = view_of(catalogue, number)
        record = reader.record("cuboid", number, random_stream(number))
        centre = record["cuboid"].centre
        to_camera = np.diag([1.0, -1.0, -1.0]) @ view.room.camera.rotation.T
        places = [to_camera @ (np.array(p.position) - view.room.camera.position) for p in view.room.pieces]
        nearest = int(np.argmin([np.linalg.norm(centre - place) for place in places]))
        piece = view.room.pieces[nearest]
        np.testing.assert_allclose(centre, places[nearest], atol=1e-9)
        np.testing.assert_allclose(record["cuboid"].size, 2 * np.array(piece.half_extents))
        corners = record["cuboid"].project(focal=record["focal"], height=64, width=64)
        rows, columns = np.nonzero(view.frame.ids == nearest)
        assert corners.min(axis=0)[0] <= rows.min() + 1.5
        assert corners.max(axis=0)[1] >= columns.max() - 0.5


def test_the_second_view_is_where_the_pose_says(catalogue):
    record = reader_of(catalogue).record("camera_pose", 3, random_stream(0))
    polar, azimuth, distance = record["pose"]
    camera = view_of(catalogue, 3).room.camera
    assert 25 - 1e-9 <= camera.elevation - np.degrees(polar) <= 55 + 1e-9
    assert abs(np.degrees(azimuth)) <= 75
    assert 1.05 <= camera.distance + distance <= 1.25
    drawn = reader_of(catalogue).record("view_synthesis", 3, random_stream(9))
    assert np.array_equal(drawn["picture"], record["image"])
    assert np.array_equal(drawn["image"], record["image_history"][0])


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (
            row("", (1, 1, 1)),
            "has no size or no name",
        ),
        (row("chair", (0.5, -1, 1)), r"furniture-train\.jsonl line 1 has no size or no name"),
        ({"name": "chair"}, r"furniture-train\.jsonl line 1 is no model: got KeyError 'width'"),
        (row("rug", (1, 1, 0.01)), r"has no model that stands on a floor: got 1 rows"),
        (row("chair", (1, 1, 1), mesh="../x"), "leads out of the data set's folder"),
    ],
)
def test_a_broken_row_is_told_with_its_place(tmp_path, bad, message):
    write_rows(tmp_path, [bad])
    with pytest.raises(InputError, match=message):
        reader_of(tmp_path)


def test_a_mesh_that_is_not_there_is_told_with_the_room(catalogue):
    for path in (catalogue / "meshes").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"furniture-train\.jsonl room 2: cannot read"):
        reader_of(catalogue).record("tag", 2, random_stream(0))
