import numpy as np

from unio.media.mel import hertz_to_mel, mel_filters, mel_to_hertz
from unio.schema import AudioGeometry


def test_scale_is_linear_then_logarithmic():
    hertz = np.array([0.0, 200.0, 1000.0, 6400.0])
    np.testing.assert_allclose(hertz_to_mel(hertz), [0.0, 3.0, 15.0, 42.0], rtol=1e-12)


def test_scale_comes_back():
    hertz = np.array([0.0, 31.0, 999.0, 1001.0, 8000.0])
    np.testing.assert_allclose(mel_to_hertz(hertz_to_mel(hertz)), hertz, rtol=1e-12)


def test_every_filter_has_area_one_over_frequency():
    # With fine bins the sum over frequency nears the triangle's area.
    geometry = AudioGeometry(window=1 << 15, mels=64)
    area = mel_filters(geometry).sum(axis=1) * 16000 / (1 << 15)
    np.testing.assert_allclose(area, 1.0, rtol=5e-3)


def test_filters_rise_to_their_middle_and_overlap_only_neighbours():
    filters = mel_filters(AudioGeometry())
    assert filters.shape == (128, 513)
    assert (filters >= 0).all()
    assert (np.diff(filters.argmax(axis=1)) >= 0).all()
    assert not (filters[:-2] * filters[2:]).any()
    assert filters[:, 0].max() == filters[:, -1].max() == 0


def test_filters_are_made_once_and_read_only():
    filters = mel_filters(AudioGeometry(mels=64))
    assert filters is mel_filters(AudioGeometry(mels=64, frames=128))
    assert not filters.flags.writeable
