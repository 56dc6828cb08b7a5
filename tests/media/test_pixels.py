import numpy as np
import pytest
from PIL import Image

from unio.core import InputError
from unio.media.pixels import array_to_rgb, mode_to_rgb


def test_gray_is_repeated():
    gray = np.array([[0, 7], [255, 9]], np.uint8)
    np.testing.assert_array_equal(array_to_rgb(gray, name="it"), np.stack([gray] * 3, axis=2))
    np.testing.assert_array_equal(array_to_rgb(gray[..., None], name="it"), np.stack([gray] * 3, axis=2))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[False, True]]), [0, 255]),
        (np.array([[0x01FF, 0xFFFF]], np.uint16), [1, 255]),
        (np.array([[0.0, 0.2]], np.float32), [0, 51]),
    ],
)
def test_types_are_scaled(values: np.ndarray, expected: list[int]):
    assert array_to_rgb(values, name="it")[0, :, 0].tolist() == expected


def test_alpha_is_blended_with_white():
    half = np.array([[[200, 0, 0, 51]]], np.uint8)
    assert array_to_rgb(half, name="it")[0, 0].tolist() == [244, 204, 204]


@pytest.mark.parametrize("shape", [(4,), (2, 3, 2), (2, 3, 5), (0, 3, 3), (1, 2, 3, 3)])
def test_other_shapes_are_refused(shape: tuple[int, ...]):
    with pytest.raises(InputError, match="it has no picture's shape"):
        array_to_rgb(np.zeros(shape, np.uint8), name="it")


def test_other_types_and_ranges_are_refused():
    with pytest.raises(InputError, match="it has no picture's values: got int64"):
        array_to_rgb(np.zeros((2, 2), np.int64), name="it")
    with pytest.raises(InputError, match="it has values out of range: got 0 to 255; expected floats in"):
        array_to_rgb(np.array([[0.0, 255.0]]), name="it")
    with pytest.raises(InputError, match="it has values out of range: got NaN or infinity"):
        array_to_rgb(np.array([[0.0, np.nan]]), name="it")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "HSV", "LAB"])
def test_pillow_modes_become_rgb(mode: str):
    assert mode_to_rgb(Image.new(mode, (3, 2)), name="it").shape == (2, 3, 3)


def test_wide_integers_are_sixteen_bits():
    image = Image.fromarray(np.array([[0, 0x8000]], np.int32))
    assert mode_to_rgb(image, name="it")[0, :, 0].tolist() == [0, 128]
    with pytest.raises(InputError, match="it has values out of range: got 0 to 70000; expected 0 to 65535"):
        mode_to_rgb(Image.fromarray(np.array([[0, 70000]], np.int32)), name="it")


def test_floats_are_brightness():
    assert mode_to_rgb(Image.new("F", (2, 1), 1.0), name="it")[0, 0].tolist() == [255, 255, 255]
