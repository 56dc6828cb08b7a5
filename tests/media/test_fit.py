import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unio.core import InputError
from unio.media import check_boxes, fit_image, fit_transform


def test_wide_picture_is_padded_above_and_below():
    fitted = fit_image(np.full((2, 5, 3), 255, np.uint8), size=10)
    transform = fitted.transform
    assert (transform.scaled_height, transform.scaled_width) == (4, 10)
    assert (transform.top, transform.left) == (3, 0)
    np.testing.assert_array_equal(fitted.mask.any(axis=1), [False] * 3 + [True] * 4 + [False] * 3)
    np.testing.assert_allclose(fitted.pixels[fitted.mask], 1.0)
    np.testing.assert_array_equal(fitted.pixels[~fitted.mask], 0.0)


def test_sizes_are_truncated_and_the_smaller_padding_comes_first():
    transform = fit_transform(300, 90, size=384)
    assert (transform.scaled_height, transform.scaled_width) == (384, 115)
    assert (transform.top, transform.left) == (0, 134)


def test_truncation_falls_as_in_single_precision():
    # 74 * (384 / 74) is a hair below 384 in single precision and 384 in double.
    assert fit_transform(74, 74, size=384).scaled_height == 383


def test_picture_of_the_right_size_is_only_scaled_to_one():
    picture = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)
    fitted = fit_image(picture, size=4)
    np.testing.assert_allclose(fitted.pixels, picture / 255, rtol=1e-6)
    assert fitted.mask.all()


def test_too_narrow_picture_is_refused():
    with pytest.raises(InputError, match="too narrow: got 3 x 5000 pixels; expected sides no further apart"):
        fit_transform(3, 5000, size=128)


def test_boxes_follow_the_picture():
    transform = fit_transform(400, 600, size=384)
    boxes = np.array([[0.0, 0.0, 400.0, 600.0], [20.0, 30.0, 380.0, 590.0]])
    expected = np.array([[64, 0, 320, 384], [76.8, 19.2, 307.2, 377.6]]) / 384
    np.testing.assert_allclose(transform.boxes_to_fitted(boxes), expected, atol=1e-6)


def test_places_outside_are_cut():
    transform = fit_transform(8, 4, size=8)
    np.testing.assert_allclose(
        transform.boxes_to_fitted(np.array([[-9.0, -9.0, 99.0, 99.0]])), [[0, 0, 1, 1]]
    )
    np.testing.assert_allclose(transform.boxes_to_original(np.array([[0.0, 0.0, 1.0, 1.0]])), [[0, 0, 8, 4]])
    np.testing.assert_allclose(transform.points_to_original(np.array([[0.5, 0.5]])), [[4, 2]])


def test_no_boxes_are_no_boxes():
    transform = fit_transform(8, 4, size=8)
    assert transform.boxes_to_fitted(np.zeros((0, 4))).shape == (0, 4)
    assert transform.points_to_original(np.zeros((0, 2))).shape == (0, 2)


@given(st.integers(8, 700), st.integers(8, 700), st.sampled_from([96, 128, 384]), st.data())
def test_places_come_back(height: int, width: int, size: int, data: st.DataObject):
    transform = fit_transform(height, width, size=size)
    point = np.array([[data.draw(st.floats(0, height)), data.draw(st.floats(0, width))]])
    back = transform.points_to_original(transform.points_to_fitted(point))
    np.testing.assert_allclose(back, point, atol=1e-3)


def test_map_comes_back_to_the_pictures_size():
    ramp = np.tile(np.linspace(0, 250, 60)[None, :, None], (40, 1, 3)).astype(np.uint8)
    fitted = fit_image(ramp, size=120)
    back = fitted.transform.picture_to_original(np.rint(fitted.pixels * 255).astype(np.uint8))
    assert (back.shape, back.dtype) == ((40, 60, 3), np.uint8)
    np.testing.assert_allclose(back.astype(int)[:, 3:-3], ramp.astype(int)[:, 3:-3], atol=2)


def test_ids_come_back_unblended():
    ids = np.full((8, 8), -1, np.int32)
    ids[2:6, :4], ids[2:6, 4:] = 3, 7
    transform = fit_transform(4, 8, size=8)
    back = transform.picture_to_original(ids, method="nearest")
    np.testing.assert_array_equal(back, [[3] * 4 + [7] * 4] * 4)


def test_map_of_another_size_is_refused():
    with pytest.raises(InputError, match=r"map does not fit the transform: got \(4, 4\); expected \(8, 8\)"):
        fit_transform(4, 8, size=8).picture_to_original(np.zeros((4, 4)))


def test_users_boxes_are_checked():
    check_boxes(np.array([[0.0, 0.0, 400.0, 600.0]]), height=400, width=600)
    with pytest.raises(InputError, match=r"box outside the picture: got y1=0 x1=0 y2=900 x2=5; .* y <= 400"):
        check_boxes(np.array([[0.0, 0.0, 900.0, 5.0]]), height=400, width=600)
    with pytest.raises(InputError, match="box outside the picture: got y1=nan"):
        check_boxes(np.array([[np.nan, 0.0, 9.0, 5.0]]), height=400, width=600)
    with pytest.raises(InputError, match=r"box is empty: got y1=9 x1=1 y2=2 x2=5; expected y1 < y2"):
        check_boxes(np.array([[9.0, 1.0, 2.0, 5.0]]), height=400, width=600)
