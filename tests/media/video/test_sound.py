import numpy as np
import pytest

from tests.media.video.conftest import encode, greys
from unio.core import InputError
from unio.media import AudioLimits
from unio.media.video import VideoLimits, load_video

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(48000) / 48000)


def pitch(waveform):
    spectrum = np.abs(np.fft.rfft(waveform.samples))
    return np.argmax(spectrum) * waveform.rate / len(waveform.samples)


@pytest.mark.parametrize(
    ("channels", "container"), [(1, "mp4"), (2, "mp4"), (2, "matroska"), (6, "matroska")]
)
def test_any_rate_and_channels_become_mono_at_ours(channels, container):
    raw = encode(greys(10), container=container, sound=np.repeat(TONE[None], channels, 0), sound_rate=48000)
    sound = load_video(raw, rate=16000).sound
    assert sound.rate == 16000
    assert sound.seconds == pytest.approx(1.0, abs=0.05)
    assert pitch(sound) == pytest.approx(440, abs=3)


def test_sound_goes_no_further_than_the_pictures():
    raw = encode(greys(5), sound=np.repeat(TONE[None], 1, 0), sound_rate=48000)
    assert load_video(raw, rate=16000).sound.seconds == pytest.approx(0.5, abs=0.01)


def test_channels_and_seconds_are_limited():
    raw = encode(greys(10), sound=np.repeat(TONE[None], 2, 0), sound_rate=48000)
    with pytest.raises(
        InputError, match=r"the sound of the given video has too many channels: got 2; expected"
    ):
        load_video(raw, limits=VideoLimits(sound=AudioLimits(max_channels=1)))
    with pytest.raises(InputError, match=r"the sound of the given video is too long: got more than 0.5 s"):
        load_video(raw, limits=VideoLimits(sound=AudioLimits(max_seconds=0.5)))
    with pytest.raises(
        InputError, match=r"the sound of the given video has an unusable sample rate: got 48000"
    ):
        load_video(raw, limits=VideoLimits(sound=AudioLimits(max_rate=44100)))
    assert (
        load_video(raw, limits=VideoLimits(sound=AudioLimits(max_channels=1)), with_sound=False).sound is None
    )
