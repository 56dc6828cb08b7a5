import numpy as np
import pytest

from unio.media import LogMel, draw_spectrogram, draw_waveform_spectrogram
from unio.schema import Waveform

QUIET = float(np.log(1e-5))


def test_time_runs_right_and_high_bands_are_on_top():
    values = np.full((20, 10), QUIET, np.float32)
    values[:5, 9] = 6.0
    drawn = draw_spectrogram(values, height=100)
    assert drawn.shape == (100, 200, 3)
    assert drawn[2, 10].min() > 180
    assert drawn[60:, 100:].max() < 10


def test_bins_without_sound_are_black():
    values = np.zeros((8, 4), np.float32)
    values[:4] = 2.0
    mask = values > 0
    for spectrogram in (values, LogMel(values=values, mask=mask)):
        drawn = draw_spectrogram(spectrogram, height=40)
        assert drawn[:, :30].max() > 150
        assert drawn[:, 60:].max() < 10


@pytest.mark.parametrize("length", [1, 700, 200_000])
def test_sounds_of_any_length_are_drawn(length: int):
    waveform = Waveform(samples=np.full(length, 0.1, np.float32), rate=8000)
    drawn = draw_waveform_spectrogram(waveform, height=64, max_width=300)
    assert drawn.shape[0] == 64
    assert 1 <= drawn.shape[1] <= 300
