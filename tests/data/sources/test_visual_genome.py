import pytest

from unio.core import InputError
from unio.data.sources.visual_genome import VisualGenome

CONFIG = VisualGenome(kind="visual_genome")
CAR, ROAD = {"names": ["Car"]}, {"name": "road"}


@pytest.fixture
def layout(folder):
    folder.picture("VG_100K/2.jpg")
    region = {"x": 3, "y": 4, "width": 100, "height": 5, "phrase": "a red  wall"}
    folder.json("region_descriptions.json", [{"id": 2, "regions": [region]}, {"id": 3, "regions": []}])
    objects = [
        {"x": 0, "y": 0, "w": 5, "h": 5, "names": ["car"]},
        {"x": 1, "y": 2, "w": 9, "h": 9, "names": ["Road"]},
    ]
    folder.json("objects.json", [{"image_id": 2, "objects": objects}])
    relations = [{"predicate": word, "subject": CAR, "object": ROAD} for word in ("ON", "above")]
    folder.json("relationships.json", [{"image_id": 2, "relationships": relations}])
    folder.json("question_answers.json", [{"id": 2, "qas": [{"question": "What?", "answer": "Road."}]}])
    return folder


def test_every_file_gives_its_families(layout, record):
    reader = CONFIG.open(layout.path)
    assert set(reader.tasks) == {"region_caption", "detect", "region_class", "localise", "relations", "vqa"}
    made = record(reader, "region_caption")
    assert made["caption"] == "a red wall"
    assert made["facts"] == ("red", "wall")
    assert made["box"].tolist() == [4, 3, 9, 30]
    assert record(reader, "detect")["labels"] == ("road", "car")
    assert record(reader, "region_class")["label"] in ("road", "car")
    assert record(reader, "localise", seed=1)["boxes"].shape == (1, 4)
    related = record(reader, "relations")
    assert (related["name"], related["relations"]) == ("car", ("on road", "above road"))
    assert record(reader, "vqa")["answer"] == "Road"


def test_files_may_be_missing_but_not_all(folder, record):
    folder.picture("VG_100K/2.jpg")
    with pytest.raises(InputError, match="has no file of Visual Genome"):
        CONFIG.open(folder.path)
    folder.json("question_answers.json", [{"id": 2, "qas": [{"question": "What?", "answer": "Road."}]}])
    assert CONFIG.open(folder.path).tasks == ("vqa",)


def test_some_files_alone_may_be_read(layout):
    alone = CONFIG.model_copy(update={"files": ("relationships.json",)})
    assert alone.open(layout.path).tasks == ("relations",)


def test_bad_entries_are_told(layout, record):
    beyond = {"x": 40, "y": 4, "w": 3, "h": 5, "names": ["car"]}
    layout.json("objects.json", [{"image_id": 2, "objects": [beyond]}])
    with pytest.raises(InputError, match=r"objects.json, image 2: a box outside its picture"):
        record(CONFIG.open(layout.path), "detect")
    layout.json("objects.json", [{"image_id": 2, "objects": [beyond | {"x": 4, "names": []}]}])
    with pytest.raises(InputError, match="a thing without name"):
        record(CONFIG.open(layout.path), "detect")
