import numpy as np

from unio.playroom.frame import Frame

IDS = np.array([[-2, -2, 1, 1], [-1, 1, 1, 1], [-1, -1, 0, -1], [-1, -1, -1, -1]], dtype=np.int32)
FRAME = Frame(
    rgb=np.zeros((4, 4, 3), np.uint8),
    depth=np.zeros((4, 4), np.float32),
    normals=np.zeros((4, 4, 3), np.float32),
    ids=IDS,
    count=3,
)


def test_boxes_go_around_visible_pixels() -> None:
    expected = [[0.5, 0.5, 0.75, 0.75], [0.0, 0.25, 0.5, 1.0], [0.0, 0.0, 0.0, 0.0]]
    np.testing.assert_array_equal(FRAME.boxes(), expected)


def test_visible_counts_pixels() -> None:
    assert FRAME.pixel_counts().tolist() == [1, 5, 0]
    assert FRAME.visible().tolist() == [0, 1]
    assert FRAME.visible(2).tolist() == [1]
    assert FRAME.visible(0).tolist() == [0, 1]
