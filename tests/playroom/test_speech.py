import sys

import numpy as np
import pytest

from unio.core import InputError, MissingExtraError
from unio.playroom.speech import VOICES, can_speak, say

needs_speech = pytest.mark.skipif(not can_speak(), reason="the extra speech is not installed")


@needs_speech
def test_a_text_always_sounds_alike_whatever_was_said_before() -> None:
    first = say("push the red ball").samples
    say.cache_clear()
    say("small blue glass ring", voice=VOICES[3])
    assert np.array_equal(say("push the red ball").samples, first)


@needs_speech
def test_sounds_are_trimmed_and_as_loud_as_stated() -> None:
    sound = say("push the red ball")
    assert sound.rate == 16000
    assert 0.5 < sound.seconds < 2.0
    assert np.abs(sound.samples).max() == pytest.approx(0.6, abs=0.05)
    assert np.abs(sound.samples[:160]).max() > 0.003


@needs_speech
def test_slower_is_longer_and_voices_and_pitches_differ() -> None:
    text = "large green metal cone"
    assert say(text, words_a_minute=120).seconds > 1.2 * say(text, words_a_minute=200).seconds
    sounds = [say(text, voice=voice).samples.tobytes() for voice in VOICES]
    assert len(set(sounds)) == len(VOICES)
    assert say(text, pitch=30).samples.tobytes() != say(text, pitch=70).samples.tobytes()


@needs_speech
def test_what_cannot_be_said_is_refused() -> None:
    with pytest.raises(InputError, match="espeak-ng has no such voice: got 'nobody'"):
        say("ball", voice="nobody")
    with pytest.raises(
        InputError, match="cannot speak at this rate: got 9; expected 80 to 450 words a minute"
    ):
        say("ball", words_a_minute=9)
    with pytest.raises(InputError, match="nothing to say: got ' '; expected a text with a word"):
        say(" ")


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    assert not can_speak()
    with pytest.raises(MissingExtraError, match=r"'espeakng-loader' is not installed.*unio\[speech\]"):
        say("a text that was never said before")
