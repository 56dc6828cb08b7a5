import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from unio.core import InputError
from unio.media import AudioLimits, load_audio, resample
from unio.schema import Waveform

RATE = 16000


def tone(seconds: float, *, rate: int = RATE, channels: int = 1) -> np.ndarray:
    """A 440 Hz sine at half scale, the same in every channel."""
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def encoded(samples: np.ndarray, rate: int, kind: str = "WAV", subtype: str | None = None) -> bytes:
    content = io.BytesIO()
    soundfile.write(content, samples, rate, format=kind, subtype=subtype)
    return content.getvalue()


def loudness(waveform: Waveform) -> float:
    return float(np.sqrt(np.mean(waveform.samples**2)))


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_allowed_formats_decode(kind: str):
    waveform = load_audio(encoded(tone(0.5), RATE, kind), rate=RATE)
    assert (waveform.rate, waveform.samples.dtype) == (RATE, np.float32)
    assert abs(waveform.seconds - 0.5) < 0.1
    assert loudness(waveform) == pytest.approx(0.5 / np.sqrt(2), rel=0.1)


def test_other_formats_are_refused():
    with pytest.raises(InputError, match="cannot decode the given sound: got AIFF format; expected WAV"):
        load_audio(encoded(tone(0.1), RATE, "AIFF"), rate=RATE)


def test_text_named_wav_is_refused(tmp_path: Path):
    path = tmp_path / "note.wav"
    path.write_text("this is no sound")
    with pytest.raises(InputError, match=r"cannot decode .*note.wav: got Format not recognised"):
        load_audio(path, rate=RATE)


def test_broken_flac_is_refused():
    raw = bytearray(encoded(tone(0.5), RATE, "FLAC"))
    with pytest.raises(InputError, match="cannot decode the given sound: got "):
        load_audio(bytes(raw[: len(raw) // 2]), rate=RATE)


def test_empty_and_missing_files_are_refused(tmp_path: Path):
    (tmp_path / "empty.wav").touch()
    with pytest.raises(InputError, match=r"empty.wav is empty: got 0 bytes"):
        load_audio(tmp_path / "empty.wav", rate=RATE)
    with pytest.raises(InputError, match=r"cannot read .*gone.wav: got No such file"):
        load_audio(tmp_path / "gone.wav", rate=RATE)


def test_sound_without_samples_is_refused():
    with pytest.raises(InputError, match="has no samples: got 0 samples; expected at least 1"):
        load_audio(encoded(np.zeros(0, np.float32), RATE), rate=RATE)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused(value: float):
    samples = tone(0.1)
    samples[3] = value
    with pytest.raises(InputError, match="samples that are no numbers: got 1 NaN or infinite of 1600"):
        load_audio(encoded(samples, RATE, subtype="FLOAT"), rate=RATE)


def test_silence_is_a_sound():
    waveform = load_audio(encoded(np.zeros(800, np.float32), RATE), rate=RATE)
    np.testing.assert_array_equal(waveform.samples, np.zeros(800))


@pytest.mark.parametrize("rate", [RATE, 8000, 192_000])
def test_single_sample_is_a_sound(rate: int):
    assert len(load_audio(encoded(np.array([0.25], np.float32), rate), rate=RATE).samples) >= 1


def test_eight_channels_are_averaged():
    samples = np.zeros((800, 8), np.float32)
    samples[:, 2] = 0.8
    waveform = load_audio(encoded(samples, RATE), rate=RATE)
    np.testing.assert_allclose(waveform.samples, 0.1, atol=1e-4)


def test_high_rate_is_resampled():
    waveform = load_audio(encoded(tone(0.5, rate=192_000), 192_000), rate=RATE)
    assert len(waveform.samples) == 8000
    np.testing.assert_allclose(waveform.samples[1000:7000], tone(0.5)[1000:7000, 0], atol=5e-3)


def test_peaks_beyond_one_are_scaled():
    waveform = load_audio(encoded(tone(0.1) * 6, RATE, subtype="FLOAT"), rate=RATE)
    assert np.abs(waveform.samples).max() == pytest.approx(1.0)


def test_limits_stop_the_decoding():
    with pytest.raises(InputError, match=r"has too many channels: got 9; expected at most 8; fix: mix"):
        load_audio(encoded(tone(0.1, channels=9), RATE), rate=RATE)
    with pytest.raises(InputError, match=r"too long: got more than 0.5 s; expected at most 0.5 s; fix"):
        load_audio(encoded(tone(0.6), RATE), rate=RATE, limits=AudioLimits(max_seconds=0.5))
    with pytest.raises(InputError, match="unusable sample rate: got 500000 Hz; expected 1 to 384000"):
        load_audio(encoded(tone(0.001), 500_000), rate=RATE)
    with pytest.raises(InputError, match="is too large: got more than 100 bytes"):
        load_audio(encoded(tone(0.1), RATE), rate=RATE, limits=AudioLimits(max_bytes=100))


def test_waveform_is_taken_and_checked():
    waveform = Waveform(samples=tone(0.1)[:, 0], rate=RATE)
    np.testing.assert_array_equal(load_audio(waveform, rate=RATE).samples, waveform.samples)
    with pytest.raises(InputError, match="the given sound has samples that are no numbers"):
        load_audio(Waveform(samples=np.array([np.nan], np.float32), rate=RATE), rate=RATE)


def test_resampling_to_the_same_rate_changes_nothing():
    waveform = Waveform(samples=tone(0.1)[:, 0], rate=RATE)
    assert resample(waveform, rate=RATE) is waveform
