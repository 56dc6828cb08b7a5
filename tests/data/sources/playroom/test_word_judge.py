"""What the judge of words is worth: measured on sentences, voices and speeds it was not fitted on."""

import numpy as np
import pytest

from unio.data.sources.playroom.word_judge import heard_sentence, speech_features
from unio.data.tasks.scoring.words import word_error_rate
from unio.media import log_mel, log_mel_to_waveform, split_segments
from unio.playroom.language.sentences import SPOKEN_SLOTS, spoken_sentence
from unio.playroom.speech import VOICES, can_speak, say
from unio.schema import AudioGeometry, Waveform

pytestmark = pytest.mark.skipif(not can_speak(), reason="the extra speech is not installed")

GEOMETRY = AudioGeometry(mels=64, frames=128)
OTHER_VOICES = ("en-us+m1", "en-us+m5", "en-us+f1", "en-us+f5", "en+m4", "en+f2", "en-gb-scotland")


def word_accuracy(voices, change=lambda sound: sound, split="train", count=24, seed=5):
    rng = np.random.default_rng(seed)
    right = []
    for number in range(count):
        sentence = spoken_sentence(split, rng)
        rate = int(rng.integers(150, 191))
        sound = change(say(sentence, voice=voices[number % len(voices)], words_a_minute=rate))
        right.append(max(0.0, 1 - word_error_rate(heard_sentence(sound), sentence)))
    return float(np.mean(right))


def through_mels(sound):
    return log_mel_to_waveform(log_mel(split_segments(sound, GEOMETRY)[0], GEOMETRY).values, GEOMETRY)


def test_it_hears_the_playroom_s_voices_also_in_held_out_sentences():
    assert word_accuracy(VOICES) > 0.93
    assert word_accuracy(VOICES, split="novel") > 0.93


def test_it_hears_voices_it_has_never_heard():
    assert word_accuracy(OTHER_VOICES) > 0.88


def test_it_hears_through_the_spectrogram_of_the_codec():
    assert word_accuracy(VOICES, through_mels, count=8) > 0.85


def test_it_hears_words_in_noise_and_silence_but_they_are_wrong():
    rng = np.random.default_rng(0)
    noise = Waveform(samples=rng.standard_normal(32512).astype(np.float32) * 0.1, rate=16000)
    silence = Waveform(samples=np.zeros(300, np.float32), rate=16000)
    for sound in (noise, silence):
        words = heard_sentence(sound).split()
        assert set(words) <= {word for slot in SPOKEN_SLOTS for choice in slot for word in choice.split()}


def test_features_do_not_mind_loudness_or_silence_around():
    sound = say("push the red ball")
    plain = speech_features(sound)
    quiet = speech_features(Waveform(samples=sound.samples * 0.2, rate=16000))
    assert quiet == pytest.approx(plain, abs=0.01)
    padded = Waveform(samples=np.pad(sound.samples, (3200, 4800)), rate=16000)
    assert abs(len(speech_features(padded)) - len(plain)) <= 6
