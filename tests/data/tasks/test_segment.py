import numpy as np


def test_the_mask_comes_back_without_its_padding(wide, answers):
    mask = np.zeros((20, 40), bool)
    mask[5:10, 10:20] = True
    made = answers("segment", {"image": wide, "expression": "the red ball", "mask": mask})
    assert set(np.unique(made.example.target_image)) == {0, 255}
    square = np.zeros((40, 40, 3), np.uint8)
    square[10:30] = made.example.target_image
    assert made.parse(image=square).mask.tolist() == mask.tolist()
    assert made.score(image=square) == {"iou": 1.0}
    square[:, 15:] = 0
    assert made.score(image=square) == {"iou": 0.5}
    assert made.score(image=np.zeros((40, 40, 3), np.uint8)) == {"iou": 0.0}


def test_nothing_to_mark_and_nothing_marked_agree(wide, answers):
    record = {"image": wide, "expression": "the red ball", "mask": np.zeros((20, 40), bool)}
    assert answers("segment", record).score(image=np.zeros((8, 8, 3), np.uint8)) == {"iou": 1.0}
