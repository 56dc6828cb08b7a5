import numpy as np

from unio.data.sources.pasted_shapes import SHAPE_COLOURS, count_record, list_record, paste_shapes

PICTURE = np.full((60, 90, 3), 128, np.uint8)


def test_every_shape_lies_in_its_box_and_none_on_another():
    for seed in range(30):
        pasted = paste_shapes(PICTURE, np.random.default_rng(seed))
        covered = np.zeros((60, 90), int)
        for box, label in zip(pasted.boxes.astype(int), pasted.labels, strict=True):
            top, left, bottom, right = box
            covered[top:bottom, left:right] += 1
            inside = pasted.image[top:bottom, left:right]
            shape = (inside == SHAPE_COLOURS[label.split()[0]]).all(axis=2)
            assert shape.any(axis=0).all()
            assert shape.any(axis=1).all()
        assert covered.max() <= 1
        assert (pasted.image[covered == 0] == 128).all()
        assert (PICTURE == 128).all()


def test_shapes_are_counted():
    answers = set()
    for seed in range(40):
        listed = list_record(PICTURE, np.random.default_rng(seed))
        counted = count_record(PICTURE, np.random.default_rng(seed))
        name = counted["question"].removeprefix("How many ").removesuffix(" are pasted onto the picture?")
        name = name.removesuffix("es") if name.endswith("crosses") else name.removesuffix("s")
        assert (counted["image"] == listed["image"]).all()
        assert counted["answer"] == str(listed["labels"].count(name))
        answers.add(counted["answer"])
    assert {"0", "1"} <= answers


def test_a_tiny_picture_stays_as_it_is():
    assert paste_shapes(PICTURE[:2, :2], np.random.default_rng(0)).labels == ()
