import numpy as np

from unio.media import draw_arrows, draw_points, palette_colour

PICTURE = np.zeros((400, 400, 3), np.uint8)


def test_points_are_where_they_are():
    drawn = draw_points(PICTURE, np.array([[100.0, 50.0], [300.0, 350.0]]))
    assert tuple(drawn[100, 50]) == palette_colour(0)
    assert tuple(drawn[300, 350]) == palette_colour(1)
    assert not drawn[150:250].any()


def test_points_that_are_no_numbers_are_left_out():
    assert not draw_points(PICTURE, np.array([[np.nan, 50.0]]), labels=["nose"]).any()


def test_labels_are_written_beside():
    plain = draw_points(PICTURE, np.array([[100.0, 50.0]]))
    assert (draw_points(PICTURE, np.array([[100.0, 50.0]]), labels=["nose"]) != plain).any()


def test_arrow_runs_from_start_to_end():
    drawn = draw_arrows(PICTURE, np.array([[200.0, 50.0, 200.0, 350.0]]))
    for x in (50, 100, 200, 300, 340):
        assert tuple(drawn[200, x]) == palette_colour(0)
    # The head, and not the shaft, is wide.
    widths = (drawn[:, [150, 335]].any(axis=2)).sum(axis=0)
    assert widths[1] > 2 * widths[0]


def test_arrow_without_length_is_a_dot():
    drawn = draw_arrows(PICTURE, np.array([[200.0, 50.0, 200.0, 50.0]]))
    assert tuple(drawn[200, 50]) == palette_colour(0)
    assert not drawn[:, 70:].any()
