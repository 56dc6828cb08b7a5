"""Fields that a family scores by and that real data sets do not come with, made from those they do.

A caption brings its telling words, a picture's description the colours it names, a sound others to be told
from. So a reader gives only what its files hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.sources.reader import Record
from unio.data.sources.telling_words import (
    COMMON_PALETTE,
    MIN_COLOUR_SHARE,
    TellingWords,
    named_colours,
    telling_words,
)
from unio.data.tasks.image_from_segmentation import UNCOUNTED
from unio.media import load_audio, power_mel
from unio.schema import AudioGeometry, Waveform

__all__ = ["RATE", "SpectrumJudge", "completed", "load_clip"]

RATE = AudioGeometry().sample_rate
"""Samples a second of every sound inside unio."""

_TELLING = frozenset({"audio_caption", "video_caption", "region_caption", "image_pair_difference"})


def completed(task: str, fields: Mapping[str, Any]) -> Record:
    """The record of ``task`` from the fields a data set has, with what its score needs besides.

    Example::

        completed("audio_caption", {"audio": sound, "caption": "A dog barks."})
        # the same, and facts=("dog", "barks"), words=<every word that is not mere grammar>
    """
    record = dict(fields)
    if task in _TELLING:
        record.setdefault("facts", telling_words(str(fields.get("caption", ""))))
        record.setdefault("words", TellingWords())
    elif task == "image_from_text":
        record.setdefault("colours", named_colours(str(fields.get("description", ""))))
        record.setdefault("palette", COMMON_PALETTE)
        record.setdefault("min_share", MIN_COLOUR_SHARE)
    elif task in ("audio_from_text", "video_sound") and "sound" in fields:
        judge = SpectrumJudge(sounds=(fields["sound"], *_plain_sounds()))
        record.setdefault("judge", judge)
        record.setdefault("label", judge.true_label)
    elif task == "image_from_segmentation" and "image" in fields:
        record.setdefault("regions", np.full(fields["image"].shape[:2], UNCOUNTED))
        record.setdefault("palette", COMMON_PALETTE)
    return record


@dataclass(frozen=True, kw_only=True, eq=False)
class SpectrumJudge:
    """Says which of several sounds a sound is most like, by its mean mel spectrum.

    ``sounds`` are the true one, then those to tell it from: waveforms, or files that are read when
    something is judged. The answer is the number of the nearest; of n a blind one is right once in n.
    """

    sounds: Sequence[str | Path | Waveform]

    @property
    def true_label(self) -> str:
        """The label of the true sound."""
        return "0"

    def __call__(self, sound: Waveform) -> str:
        """The number of the nearest sound, as text."""
        heard = _spectrum(sound)
        away = [float(np.square(_spectrum(load_audio(one, rate=RATE)) - heard).sum()) for one in self.sounds]
        return str(int(np.argmin(away)))


def load_clip(path: Path, *, seconds: float, rng: np.random.Generator) -> Waveform:
    """A sound file, or ``seconds`` from anywhere in a longer one."""
    whole = load_audio(path, rate=RATE)
    length = int(seconds * RATE)
    if len(whole.samples) <= length:
        return whole
    begin = int(rng.integers(len(whole.samples) - length + 1))
    return Waveform(samples=whole.samples[begin : begin + length], rate=RATE)


def _spectrum(sound: Waveform) -> Float[np.ndarray, " mels"]:
    """Log of the mean power in each mel band of the first segment, loudness taken out."""
    geometry = AudioGeometry()
    samples = np.zeros(geometry.segment_samples, np.float32)
    kept = sound.samples[: geometry.segment_samples]
    samples[: len(kept)] = kept
    power = np.log(np.asarray(power_mel(samples, geometry), np.float64).mean(axis=0) + 1e-6)
    return power - power.mean()


@cache
def _plain_sounds() -> tuple[Waveform, ...]:
    """Noise, a tone and clicks: what a sound is told from where its data set offers no other."""
    length = AudioGeometry().segment_samples
    time = np.arange(length) / RATE
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, length)
    tone = 0.5 * np.sin(2 * np.pi * 440 * time)
    clicks = (np.arange(length) % (RATE // 4) < 8) * 0.9
    return tuple(Waveform(samples=one.astype(np.float32), rate=RATE) for one in (noise, tone, clicks))
