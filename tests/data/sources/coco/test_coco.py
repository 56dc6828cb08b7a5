"""COCO's four annotation files, each on a picture or two in the true layout."""

import numpy as np
import pytest
from PIL import Image

from unio.core import InputError
from unio.data.sources.coco import CocoCaptions, CocoInstances, CocoKeypoints, CocoPanoptic

IMAGE = {"id": 9, "file_name": "000000000009.jpg", "height": 20, "width": 30}
CATEGORIES = [{"id": 51, "name": "bowl"}, {"id": 1, "name": "traffic_light"}]
BOWL = {
    "id": 1,
    "image_id": 9,
    "category_id": 51,
    "bbox": [2, 4, 10, 6],
    "iscrowd": 0,
    "segmentation": [[2, 4, 12, 4, 12, 10, 2, 10]],
}
LIGHT = {
    "id": 2,
    "image_id": 9,
    "category_id": 1,
    "bbox": [20, 0, 15, 5],
    "iscrowd": 0,
    "segmentation": {"size": [20, 30], "counts": [0, 20, 580]},
}
CROWD = {"id": 3, "image_id": 9, "category_id": 51, "bbox": [0, 0, 30, 20], "iscrowd": 1, "segmentation": {}}


@pytest.fixture
def instances(folder):
    folder.picture("train2017/000000000009.jpg")

    def write(annotations, images=(IMAGE,)):
        value = {"images": list(images), "categories": CATEGORIES, "annotations": annotations}
        folder.json("annotations/instances.json", value)
        config = CocoInstances(
            kind="coco_instances", annotations="annotations/instances.json", images="train2017"
        )
        return config.open(folder.path)

    return write


def test_captions(folder, record):
    folder.picture("train2017/000000000009.jpg")
    captions = [{"image_id": 9, "caption": text} for text in ("A red wall.\n", "Red paint.")]
    folder.json("captions.json", {"images": [IMAGE], "annotations": captions})
    config = CocoCaptions(kind="coco_captions", annotations="captions.json", images="train2017")
    reader = config.open(folder.path)
    assert reader.tasks == ("caption", "image_from_text")
    assert reader.count("caption") == 1
    assert {record(reader, "caption", seed=seed)["caption"] for seed in range(9)} == {
        "A red wall.",
        "Red paint.",
    }
    made = record(reader, "image_from_text")
    assert made["colours"] == ("red",)
    assert made["picture"].shape == (20, 30, 3)


def test_instances_give_boxes_in_our_order_and_no_crowds(instances, record):
    reader = instances([BOWL, LIGHT, CROWD])
    made = record(reader, "detect")
    assert made["labels"] == ("bowl", "traffic light")
    assert made["boxes"].tolist() == [[4, 2, 10, 12], [0, 20, 5, 30]]
    assert record(reader, "tag")["tags"] == ("bowl", "traffic light")
    drawn = {record(reader, "region_class", seed=seed)["label"] for seed in range(9)}
    assert drawn == {"bowl", "traffic light"}


def test_instances_give_masks(instances, record):
    reader = instances([BOWL, LIGHT, CROWD])
    for seed in range(6):
        made = record(reader, "segment", seed=seed)
        columns = np.flatnonzero(made["mask"].any(axis=0))
        assert (made["expression"], columns[0]) in (("bowl", 2), ("traffic light", 0))
        boxed = record(reader, "segment_box", seed=seed)
        assert boxed["mask"].shape == (20, 30)
        found = record(reader, "localise", seed=seed)
        assert found["boxes"].shape == (1, 4)


def test_a_picture_of_crowds_alone_is_left_out(instances):
    assert instances([CROWD]).tasks == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bbox": [2, 4, 0, 6]}, r"instances.json, image 9: an empty box, or one outside its picture"),
        ({"bbox": "x"}, "image 9: bad box"),
        ({"category_id": 7}, "image 9: unknown category: got 7"),
    ],
)
def test_a_bad_annotation_is_told_with_its_place(instances, record, change, message):
    with pytest.raises(InputError, match=message):
        record(instances([BOWL | change]), "detect")


def test_faults_of_the_file_are_told(instances, folder):
    with pytest.raises(InputError, match="annotation of an unknown image: got image_id 8"):
        instances([BOWL | {"image_id": 8}])
    with pytest.raises(InputError, match="'annotations', entry 0 has no 'bbox'"):
        instances([{"image_id": 9, "category_id": 51}])
    with pytest.raises(InputError, match="image 9 has no file"):
        instances([BOWL], images=[{"id": 9}])
    with pytest.raises(InputError, match="leads out of the data set's folder"):
        instances([BOWL], images=[IMAGE | {"file_name": "../../x.jpg"}])


def test_a_picture_of_another_size_is_told(instances, record):
    reader = instances([BOWL], images=[IMAGE | {"width": 31}])
    with pytest.raises(InputError, match="is not the picture that was annotated: got 20 x 30"):
        record(reader, "detect")


def test_lvis_names_its_pictures_by_address(instances, folder, record):
    folder.picture("train2017/train2017/000000000009.jpg")
    lvis = {
        "id": 9,
        "height": 20,
        "width": 30,
        "coco_url": "http://images.cocodataset.org/train2017/000000000009.jpg",
    }
    assert record(instances([BOWL], images=[lvis]), "detect")["labels"] == ("bowl",)


def test_keypoints(folder, record):
    folder.picture("train2017/000000000009.jpg")
    points = [3, 5, 2] + [0, 0, 0] * 15 + [8, 9, 1]
    person = {"image_id": 9, "bbox": [2, 4, 10, 6], "keypoints": points}
    unseen = person | {"keypoints": [0] * 51}
    folder.json("keypoints.json", {"images": [IMAGE], "annotations": [person, unseen]})
    config = CocoKeypoints(kind="coco_keypoints", annotations="keypoints.json", images="train2017")
    made = record(config.open(folder.path), "keypoints")
    assert made["points"][0].tolist() == [5, 3]
    assert made["known"].tolist() == [True] + [False] * 15 + [True]
    assert made["box"].tolist() == [4, 2, 10, 12]
    folder.json("keypoints.json", {"images": [IMAGE], "annotations": [person | {"keypoints": [1, 2, 2]}]})
    with pytest.raises(InputError, match=r"bad keypoints: got 3 numbers; expected 17 x"):
        record(config.open(folder.path), "keypoints")


def test_panoptic(folder, record):
    folder.picture("train2017/000000000009.png")
    colours = np.zeros((20, 30, 3), np.uint8)
    colours[:, :10] = (44, 1, 0)  # 44 + 256
    (folder.path / "panoptic").mkdir()
    Image.fromarray(colours).save(folder.path / "panoptic" / "9.png")
    segments = [{"id": 300, "category_id": 51}, {"id": 0, "category_id": 1}]
    annotation = {"image_id": 9, "file_name": "9.png", "segments_info": segments}
    value = {
        "images": [IMAGE | {"file_name": "000000000009.png"}],
        "categories": CATEGORIES,
        "annotations": [annotation],
    }
    folder.json("panoptic.json", value)
    config = CocoPanoptic(
        kind="coco_panoptic", annotations="panoptic.json", images="train2017", maps="panoptic"
    )
    reader = config.open(folder.path)
    areas = {(made := record(reader, "segment", seed=s))["expression"]: made["mask"].sum() for s in range(9)}
    assert areas == {"bowl": 200, "traffic light": 400}
    painted = record(reader, "image_from_segmentation")
    assert painted["description"] == "bowl, traffic light"
    assert len({tuple(colour) for colour in painted["image"].reshape(-1, 3)}) == 2
    annotation["segments_info"] = []
    folder.json("panoptic.json", value)
    with pytest.raises(InputError, match="the picture has no segments"):
        record(config.open(folder.path), "tag")
