import numpy as np
import pytest

from unio.core import InputError
from unio.media import add_caption, draw_text, side_by_side


def test_text_is_wrapped_on_white():
    short, long = draw_text("a ball", width=120), draw_text("a ball " * 20, width=120)
    assert short.shape[1] == long.shape[1] == 120
    assert len(long) > 4 * len(short)
    assert (short[0] == 255).all()
    assert (short < 100).any()
    assert (draw_text("", width=120) == 255).all()


def test_caption_is_below_and_the_picture_unchanged():
    picture = np.full((30, 200, 3), 77, np.uint8)
    captioned = add_caption(picture, "a ball")
    np.testing.assert_array_equal(captioned[:30], picture)
    assert len(captioned) > 40


def test_narrow_picture_is_centred_over_its_caption():
    captioned = add_caption(np.zeros((30, 20, 3), np.uint8), "a ball", min_width=100)
    assert (captioned[:30, 40:60] == 0).all()
    assert (captioned[:30, :40] == 255).all()


def test_pictures_are_brought_to_one_height():
    pictures = [np.zeros((10, 10, 3), np.uint8), np.zeros((50, 25, 3), np.uint8)]
    sheet = side_by_side(pictures, height=100)
    # Margins of 8 around a 100 x 100 and a 100 x 50 picture.
    assert sheet.shape == (116, 8 + 100 + 8 + 50 + 8, 3)
    assert (sheet[8:108, 8:108] == 0).all()
    assert (sheet[8:108, 108:116] == 255).all()


def test_wide_picture_stays_lower():
    sheet = side_by_side([np.zeros((10, 90, 3), np.uint8)], height=45)
    assert sheet.shape == (10 + 16, 90 + 16, 3)


def test_captions_go_with_their_pictures():
    pictures = [np.zeros((50, 50, 3), np.uint8)] * 2
    assert len(side_by_side(pictures, captions=["one", "two"], height=50)) > 66


def test_no_pictures_are_refused():
    with pytest.raises(InputError, match="no pictures to lay side by side: got 0 pictures"):
        side_by_side([])
