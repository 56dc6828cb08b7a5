import numpy as np

from unio.media import from_target, normalise_clip, to_target


def test_clip_statistics():
    black, white = np.zeros((1, 1, 3), np.float32), np.ones((1, 1, 3), np.float32)
    np.testing.assert_allclose(normalise_clip(black)[0, 0], [-1.792263, -1.752097, -1.480220], rtol=1e-5)
    np.testing.assert_allclose(normalise_clip(white)[0, 0], [1.930336, 2.074884, 2.145903], rtol=1e-5)
    assert normalise_clip(black).dtype == np.float32


def test_target_range_and_back():
    pixels = np.array([[[0.0, 0.2, 1.0]]], np.float32)
    np.testing.assert_allclose(to_target(pixels), [[[-1.0, -0.6, 1.0]]], atol=1e-6)
    np.testing.assert_array_equal(from_target(to_target(pixels)), [[[0, 51, 255]]])


def test_drawn_values_beyond_are_cut():
    np.testing.assert_array_equal(from_target(np.array([[[-3.0, 0.0, 3.0]]])), [[[0, 128, 255]]])
