"""A judge of words by ear, fitted on espeak-ng's voices: which sentence of the closed vocabulary is this?

Each word is a row of sounds (mean cepstra of log-mel frames) that a sound passes through in order, a hidden
Markov model without transition weights. The words' rows are fitted on spoken sentences by aligning and
averaging in turn; a sound is then the sentence of `SPOKEN_SLOTS` whose rows lie nearest to it. It never hears
a model's answers while it is fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float, Float32, Int

from unio.core import random_stream
from unio.data.sources.playroom.word_rows import IMPOSSIBLE, distances, fit_rows, shifted
from unio.media import power_mel
from unio.playroom.language.sentences import SPOKEN_SLOTS
from unio.playroom.speech import VOICES, say
from unio.schema import AudioGeometry, Waveform

__all__ = ["WordJudge", "fit_word_judge", "heard_sentence", "speech_features"]

_GEOMETRY = AudioGeometry(window=512, hop=192, mels=32)
_CEPSTRA = 13
_DEEPEST = 7.0
"""Log-power below the loudest bin, 30 dB, at which all is silence: what codecs leave behind is no speech."""
_SENTENCES = 240
_RATES = (140, 205)
_OPTIONAL = 2
"""The slot that may be left out: the material."""


@dataclass(frozen=True, kw_only=True, eq=False)
class WordJudge:
    """For each choice of each slot the mean scaled features it passes through; ``scale`` weighs a feature."""

    rows: dict[str, Float[np.ndarray, "states features"]]
    scale: Float[np.ndarray, " features"]

    def hear(self, sound: Waveform) -> str:
        """The sentence whose rows lie nearest to a sound at 16 kHz."""
        features = speech_features(sound) * self.scale
        slots = [[choice for choice in slot if choice] for slot in SPOKEN_SLOTS]
        words = [choice for slot in slots for choice in slot]
        costs = distances(features, np.concatenate([self.rows[word] for word in words]))
        network = _Network.of([[len(self.rows[word]) for word in slot] for slot in slots])
        chosen = network.best(costs)
        return " ".join(slot[choice] for slot, choice in zip(slots, chosen, strict=True) if choice >= 0)


def heard_sentence(sound: Waveform) -> str:
    """The sentence that the judge hears. Raises ``MissingExtraError`` without ``espeakng-loader``."""
    return fit_word_judge().hear(sound)


@cache
def fit_word_judge() -> WordJudge:
    """Fit the rows on sentences said by all of the playroom's voices, slowly and fast (once a process)."""
    rng = random_stream(0, "playroom", "word judge")
    sentences: list[tuple[str, ...]] = []
    heard: list[Float[np.ndarray, "frames features"]] = []
    for number in range(_SENTENCES):
        words = tuple(word for slot in SPOKEN_SLOTS if (word := slot[int(rng.integers(len(slot)))]))
        rate, voice = int(rng.integers(*_RATES)), VOICES[number % len(VOICES)]
        sentences.append(words)
        heard.append(speech_features(say(" ".join(words), voice=voice, words_a_minute=rate)))
    scale = 1 / np.concatenate(heard).std(axis=0)
    return WordJudge(rows=fit_rows(sentences, [features * scale for features in heard]), scale=scale)


def speech_features(sound: Waveform) -> Float32[np.ndarray, "frames features"]:
    """Cepstra of the log-mel frames between the first and the last loud one, and how they change; 26 a frame.

    The mean is taken away, so that neither loudness nor a voice's timbre counts for much. Frames are 12 ms
    apart.
    """
    samples = np.pad(sound.samples, (0, max(0, 2 * _GEOMETRY.window - len(sound.samples))))
    power = np.log(np.maximum(power_mel(samples, _GEOMETRY).astype(np.float64), 1e-10))
    levels = np.maximum(power - power.max(), -_DEEPEST)
    loud = np.flatnonzero(levels.max(axis=1) > -0.8 * _DEEPEST)
    levels = levels[loud[0] : loud[-1] + 1]
    bands = np.arange(_GEOMETRY.mels) + 0.5
    basis = np.cos(np.pi * np.arange(_CEPSTRA)[:, None] * bands / _GEOMETRY.mels)
    cepstra = levels @ basis.T
    cepstra = cepstra - cepstra.mean(axis=0)
    padded = np.pad(cepstra, ((2, 2), (0, 0)), mode="edge")
    change = padded[4:] - padded[:-4]
    return np.concatenate([cepstra, change], axis=1).astype(np.float32)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Network:
    """All sentences at once: words after words, slot after slot, each a run of states."""

    starts: list[list[int]]
    ends: list[list[int]]
    positions: Int[np.ndarray, " states"]

    @classmethod
    def of(cls, counts: Sequence[Sequence[int]]) -> "_Network":
        starts: list[list[int]] = []
        ends: list[list[int]] = []
        position: list[int] = []
        for slot in counts:
            starts.append([])
            ends.append([])
            for count in slot:
                starts[-1].append(len(position))
                position.extend(range(count))
                ends[-1].append(len(position) - 1)
        return cls(starts=starts, ends=ends, positions=np.array(position))

    def best(self, costs: Float[np.ndarray, "frames states"]) -> list[int]:
        """The choice in each slot (-1: left out) on the cheapest way through one word of each."""
        total = np.full(costs.shape[1], IMPOSSIBLE)
        total[self.starts[0]] = costs[0, self.starts[0]]
        taken = np.full((costs.shape[1], len(self.starts)), -1)
        taken[self.starts[0], 0] = np.arange(len(self.starts[0]))
        is_first = self.positions == 0
        for frame in costs[1:]:
            before = np.where(is_first, IMPOSSIBLE, shifted(total))
            advances = before < total
            new_total = np.where(advances, before, total)
            new_taken = taken[np.arange(len(total)) - advances]
            for slot in range(1, len(self.starts)):
                ends = [*self.ends[slot - 1], *(self.ends[slot - 2] if slot - 1 == _OPTIONAL else [])]
                last = min(ends, key=lambda state: total[state])
                for choice, start in enumerate(self.starts[slot]):
                    if total[last] < new_total[start]:
                        new_total[start] = total[last]
                        new_taken[start] = taken[last]
                        new_taken[start, slot] = choice
            total, taken = new_total + frame, new_taken
        final = min(self.ends[-1], key=lambda state: total[state])
        return taken[final].tolist()
