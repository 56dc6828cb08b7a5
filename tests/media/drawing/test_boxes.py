import numpy as np

from unio.media import draw_boxes, palette_colour

PICTURE = np.zeros((400, 400, 3), np.uint8)


def test_outline_is_on_the_boxs_edge():
    drawn = draw_boxes(PICTURE, np.array([[100.0, 50.0, 200.0, 300.0]]))
    colour = palette_colour(0)
    for y, x in ((100, 50), (100, 299), (199, 50), (199, 299), (150, 50), (100, 170)):
        assert tuple(drawn[y, x]) == colour
    assert not drawn[110:190, 60:290].any()
    assert not drawn[:99].any()


def test_labels_are_written_above():
    plain = draw_boxes(PICTURE, np.array([[100.0, 50.0, 200.0, 300.0]]))
    labelled = draw_boxes(PICTURE, np.array([[100.0, 50.0, 200.0, 300.0]]), labels=["ball"])
    changed = np.argwhere((plain != labelled).any(axis=2))
    assert changed[:, 0].max() <= 101
    assert changed[:, 1].min() >= 50


def test_boxes_beyond_or_turned_round_are_drawn_inside():
    drawn = draw_boxes(PICTURE, np.array([[500.0, 500.0, -20.0, -20.0], [7.0, 7.0, 7.0, 7.0]]))
    assert tuple(drawn[0, 0]) == palette_colour(0)
    assert tuple(drawn[399, 399]) == palette_colour(0)


def test_small_picture_comes_back_enlarged():
    assert draw_boxes(np.zeros((128, 128, 3), np.uint8), np.zeros((0, 4))).shape == (384, 384, 3)
