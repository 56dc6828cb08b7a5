import numpy as np

from unio.media.resize import resize


def test_same_size_is_a_copy():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    same = resize(array, height=2, width=3)
    np.testing.assert_array_equal(same, array)
    assert same is not array


def test_growing_interpolates_at_half_pixel_centres():
    grown = resize(np.array([[0.0, 4.0]], np.float32), height=1, width=4)
    np.testing.assert_allclose(grown, [[0.0, 1.0, 3.0, 4.0]], atol=1e-6)


def test_shrinking_weighs_with_a_widened_triangle():
    # To half the size the triangle reaches over four pixels: weights 1/8, 3/8, 3/8, 1/8.
    shrunk = resize(np.array([[0, 0, 0, 8, 0, 0, 0, 0]], np.float32), height=1, width=4)
    np.testing.assert_allclose(shrunk, [[0.0, 3.0, 1.0, 0.0]], atol=1e-6)


def test_channels_are_resized_apart():
    array = np.stack([np.zeros((3, 5)), np.ones((3, 5))], axis=-1).astype(np.float32)
    resized = resize(array, height=2, width=8)
    assert resized.shape == (2, 8, 2)
    np.testing.assert_allclose(resized[..., 0], 0)
    np.testing.assert_allclose(resized[..., 1], 1)
