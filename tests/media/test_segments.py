import numpy as np
import pytest

from unio.core import InputError
from unio.media import split_segments
from unio.schema import AudioGeometry, Waveform

# Segments of 2,032 samples at 1,000 Hz: half a segment plus 0.1 s are 1,116 samples.
GEOMETRY = AudioGeometry(sample_rate=1000, hop=16, frames=128, max_frequency=500)


def segments_of(length: int) -> list[np.ndarray]:
    samples = np.arange(1, length + 1, dtype=np.float32)
    return split_segments(Waveform(samples=samples, rate=1000), GEOMETRY)


@pytest.mark.parametrize(
    ("length", "count"),
    [(1, 1), (2032, 1), (2033, 1), (2032 + 1116, 1), (2032 + 1117, 2), (2 * 2032, 2), (2 * 2032 + 1117, 3)],
)
def test_count_follows_the_rest(length: int, count: int):
    segments = segments_of(length)
    assert [len(segment) for segment in segments] == [2032] * count


def test_last_piece_is_padded_with_zeros():
    first, second = segments_of(2032 + 1117)
    np.testing.assert_array_equal(first, np.arange(1, 2033))
    np.testing.assert_array_equal(second[:1117], np.arange(2033, 3150))
    np.testing.assert_array_equal(second[1117:], 0)


def test_short_piece_is_kept_when_it_is_all_there_is():
    (only,) = segments_of(3)
    np.testing.assert_array_equal(only[:5], [1, 2, 3, 0, 0])


def test_released_segments_are_65280_samples():
    segments = split_segments(Waveform(samples=np.zeros(100_800, np.float32), rate=16000), AudioGeometry())
    assert [len(segment) for segment in segments] == [65280, 65280]


def test_another_rate_is_refused():
    with pytest.raises(InputError, match="sound at the wrong rate: got 8000 Hz; expected 1000 Hz"):
        split_segments(Waveform(samples=np.zeros(5, np.float32), rate=8000), GEOMETRY)
