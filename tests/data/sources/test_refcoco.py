import pytest

from unio.core import InputError
from unio.data.sources.refcoco import RefCoco

IMAGE = {"id": 5, "file_name": "COCO_train2014_000000000005.jpg", "height": 20, "width": 30}
THING = {"id": 71, "image_id": 5, "bbox": [2, 4, 10, 6], "segmentation": [[2, 4, 12, 4, 12, 10, 2, 10]]}
REFERENCE = {
    "ref_id": 0,
    "ann_id": 71,
    "image_id": 5,
    "split": "train",
    "sentences": [{"sent": "the red one "}, {"sent": "left wall"}],
}
CONFIG = RefCoco(kind="refcoco", references="refs(unc).json", images="train2014")


@pytest.fixture
def layout(folder):
    folder.picture("train2014/COCO_train2014_000000000005.jpg")
    folder.json("instances.json", {"images": [IMAGE], "annotations": [THING]})
    return folder


def test_expressions_mean_boxes_and_masks(layout, record):
    layout.json("refs(unc).json", [REFERENCE, REFERENCE | {"split": "val"}])
    reader = CONFIG.open(layout.path)
    assert reader.count("refer") == 1
    made = [record(reader, "refer", seed=seed) for seed in range(8)]
    assert {one["expression"] for one in made} == {"the red one", "left wall"}
    assert made[0]["box"].tolist() == [4, 2, 10, 12]
    assert record(reader, "segment_refer")["mask"].sum() == record(reader, "segment")["mask"].sum() > 40


def test_a_reference_to_nothing_is_told(layout):
    layout.json("refs(unc).json", [REFERENCE | {"ann_id": 72}])
    with pytest.raises(InputError, match="entry 0 points at no annotation: got image 5, annotation 72"):
        CONFIG.open(layout.path)


def test_a_pickle_is_not_opened(layout):
    (layout.path / "refs(unc).p").write_bytes(b"\x80\x04.")
    with pytest.raises(InputError, match=r"refs\(unc\).p is a pickle, which is code"):
        CONFIG.model_copy(update={"references": "refs(unc).p"}).open(layout.path)
