import numpy as np
import pytest

from unio.media import log_mel, power_mel
from unio.media.spectrogram import inverse_stft, stft
from unio.schema import AudioGeometry

SMALL = AudioGeometry(sample_rate=1000, window=64, hop=16, mels=8, frames=16, max_frequency=500, patch_size=8)


def test_spectra_are_those_of_centred_mirrored_windows():
    samples = np.random.default_rng(0).standard_normal(100).astype(np.float32)
    spectra = stft(samples, window=16, hop=4)
    assert spectra.shape == (26, 9)
    first = np.concatenate([samples[8:0:-1], samples[:8]])
    inner = samples[12:28]
    np.testing.assert_allclose(spectra[0], np.fft.rfft(first * np.hanning(16)), atol=1e-5)
    np.testing.assert_allclose(spectra[5], np.fft.rfft(inner * np.hanning(16)), atol=1e-5)


@pytest.mark.parametrize(("window", "hop"), [(16, 4), (16, 5), (64, 16)])
def test_inverse_gives_the_samples_back(window: int, hop: int):
    samples = np.random.default_rng(0).standard_normal(hop * 40).astype(np.float32)
    back = inverse_stft(stft(samples, window=window, hop=hop), window=window, hop=hop)
    assert len(back) == len(samples)
    # Behind the last whole hop a window's end is all there is, which the symmetric Hann makes faint.
    np.testing.assert_allclose(back, samples, atol=2e-4)


def test_segment_has_the_geometry_s_frames():
    samples = np.zeros(SMALL.segment_samples, np.float32)
    assert power_mel(samples, SMALL).shape == (16, 8)
    released = AudioGeometry()
    assert power_mel(np.zeros(65280, np.float32), released).shape == (256, 128)


def test_tone_is_loudest_in_its_band():
    seconds = np.arange(SMALL.segment_samples) / 1000
    power = power_mel(np.sin(2 * np.pi * 250 * seconds).astype(np.float32), SMALL)
    # Eight bands over 0 to 500 Hz, all linear: band i is centred on (i + 1) * 500 / 9 Hz.
    assert (power[2:-2].argmax(axis=1) == 4).sum() + (power[2:-2].argmax(axis=1) == 3).sum() == 12


def test_bins_without_power_are_zero_and_masked():
    samples = np.zeros(SMALL.segment_samples, np.float32)
    samples[:60] = 0.5
    spectrogram = log_mel(samples, SMALL)
    assert spectrogram.values.dtype == np.float32
    assert spectrogram.mask[:4].all()
    assert not spectrogram.mask[8:].any()
    np.testing.assert_array_equal(spectrogram.values[~spectrogram.mask], 0.0)


def test_logarithm_is_cut_at_both_ends():
    faint = np.full(SMALL.segment_samples, 1e-8, np.float32)
    faint[::2] *= -1
    loud = faint * np.float32(1e14)
    assert log_mel(faint, SMALL).values.min() == pytest.approx(np.log(1e-5))
    assert log_mel(loud, SMALL).values.max() == pytest.approx(np.log(1e5))
