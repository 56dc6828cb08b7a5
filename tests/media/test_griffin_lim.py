import numpy as np
import pytest

from unio.core import InputError
from unio.media import log_mel, log_mel_to_waveform, power_mel
from unio.media.griffin_lim import mel_to_power
from unio.media.mel import mel_filters
from unio.schema import AudioGeometry

NANO = AudioGeometry(mels=64, frames=128)


def chime() -> np.ndarray:
    """Two decaying tones, the second a second later, over a faint noise."""
    seconds = np.arange(NANO.segment_samples) / NANO.sample_rate
    later = np.maximum(seconds - 1, 0)
    wave = np.sin(2 * np.pi * 600 * seconds) * np.exp(-3 * seconds)
    wave += np.sin(2 * np.pi * 1500 * later) * np.exp(-3 * later) * (seconds > 1)
    noise = np.random.default_rng(0).standard_normal(len(wave))
    return (0.3 * wave + 0.001 * noise).astype(np.float32)


def test_sound_comes_back_with_its_spectrogram():
    wanted = log_mel(chime(), NANO).values
    waveform = log_mel_to_waveform(wanted, NANO)
    assert len(waveform.samples) == NANO.segment_samples
    assert (waveform.rate, waveform.samples.dtype) == (16000, np.float32)
    found = log_mel(waveform.samples, NANO).values
    assert np.abs(found - wanted).mean() < 0.2
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.97


def test_more_iterations_come_nearer():
    wanted = log_mel(chime(), NANO).values

    def error(iterations: int) -> float:
        samples = log_mel_to_waveform(wanted, NANO, iterations=iterations).samples
        return float(np.abs(np.sqrt(power_mel(samples, NANO)) - np.exp(wanted / 2)).mean())

    assert error(32) < 0.5 * error(1)


def test_same_seed_gives_the_same_sound():
    wanted = log_mel(chime(), NANO).values
    one, same, other = (log_mel_to_waveform(wanted, NANO, iterations=2, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.samples, same.samples)
    assert np.abs(one.samples - other.samples).max() > 1e-3


def test_bands_without_sound_are_silent():
    # 0 marks a bin without power, though exp(0) is a loud one.
    wanted = log_mel(chime(), NANO).values.copy()
    wanted[40:] = np.random.default_rng(0).uniform(-0.2, 0.2, wanted[40:].shape)
    samples = log_mel_to_waveform(wanted, NANO).samples
    assert np.abs(samples[50 * 256 :]).max() < 1e-3 < np.abs(samples[: 30 * 256]).max()


def test_silence_is_silent():
    np.testing.assert_array_equal(log_mel_to_waveform(np.zeros((128, 64), np.float32), NANO).samples, 0)


def test_spectrum_is_non_negative_and_has_the_bands():
    power = power_mel(chime(), NANO)
    spectrum = mel_to_power(power, NANO)
    assert spectrum.shape == (128, 513)
    assert (spectrum >= 0).all()
    np.testing.assert_allclose(spectrum @ mel_filters(NANO).T, power, rtol=0.1, atol=1e-4)


def test_other_shapes_are_refused():
    with pytest.raises(InputError, match=r"no log-mel of a sound: got \(128, 80\); expected \(frames, 64\)"):
        log_mel_to_waveform(np.zeros((128, 80), np.float32), NANO)
