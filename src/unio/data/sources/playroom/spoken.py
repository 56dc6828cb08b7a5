"""Records of families of speech: sentences of a closed vocabulary in many voices.

They need the extra ``speech``.
"""

from typing import Any

import numpy as np

from unio.data.sources.playroom.views import Setting
from unio.data.sources.playroom.word_judge import heard_sentence
from unio.playroom.language.drawing_lots import pick
from unio.playroom.language.sentences import spoken_sentence
from unio.playroom.sound import SAMPLE_RATE
from unio.playroom.speech import VOICES, say
from unio.schema import Waveform

__all__ = ["speak_record", "transcribe_record"]

_RATES = (150, 191)
_PITCHES = (40, 61)
_LATEST_START = 0.1
"""Seconds of silence before the first word; the longest sentence then ends within 2.032 s."""


def transcribe_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any]:
    """A spoken sentence and its words."""
    sentence = spoken_sentence(setting.split, rng)
    return {"audio": _spoken(sentence, rng), "transcript": sentence}


def speak_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any]:
    """A sentence, its sound, and the judge that hears words."""
    sentence = spoken_sentence(setting.split, rng)
    return {"transcript": sentence, "sound": _spoken(sentence, rng), "judge": heard_sentence}


def _spoken(sentence: str, rng: np.random.Generator) -> Waveform:
    """Any voice, a little faster or slower, higher or lower, after a moment of silence."""
    voice, rate, pitch = pick(VOICES, rng), int(rng.integers(*_RATES)), int(rng.integers(*_PITCHES))
    silence = np.zeros(int(SAMPLE_RATE * rng.uniform(0, _LATEST_START)), np.float32)
    samples = say(sentence, voice=voice, words_a_minute=rate, pitch=pitch).samples
    return Waveform(samples=np.concatenate([silence, samples]), rate=SAMPLE_RATE)
