import numpy as np

from unio.media.video.bars import without_bars


def frame(height, width, top, bottom, left, right, value=200, black=5):
    picture = np.full((height, width, 3), black, np.uint8)
    picture[top:bottom, left:right] = value
    return picture


def test_bars_above_and_below_are_cut():
    cut = without_bars([frame(20, 30, 4, 16, 0, 30), frame(20, 30, 4, 16, 0, 30, value=100)])
    assert [one.shape for one in cut] == [(12, 30, 3)] * 2
    assert cut[1].min() == 100


def test_what_is_dark_in_one_frame_alone_stays():
    cut = without_bars([frame(20, 30, 4, 16, 0, 30), frame(20, 30, 2, 16, 5, 30)])
    assert [one.shape for one in cut] == [(14, 30, 3)] * 2


def test_a_dark_video_is_left_alone():
    night = [frame(20, 30, 9, 11, 14, 16)]
    assert without_bars(night)[0].shape == (20, 30, 3)
    assert without_bars([np.zeros((8, 8, 3), np.uint8)])[0].shape == (8, 8, 3)


def test_a_video_without_bars_is_whole():
    assert without_bars([frame(20, 30, 0, 20, 0, 30)])[0].shape == (20, 30, 3)
