"""A judge of materials by ear, fitted on the playroom's true sounds: which material does a sound tell of?

It never sees the model's answers while it is fitted. A linear discriminant over a spectrum's shape and how
fast it dies away: cheap, deterministic, and blunt enough not to mind a codec's noise.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float

from unio.core import random_stream
from unio.media import log_mel, split_segments
from unio.playroom import MATERIALS, SIZES, Thing
from unio.playroom.bodies import nominal_mass
from unio.playroom.contacts import Contact
from unio.playroom.sound import mix_contacts
from unio.schema import AudioGeometry, Waveform

__all__ = ["MaterialJudge", "fit_judge", "heard_material", "sound_features"]

_GEOMETRY = AudioGeometry(mels=32, frames=128)
_SECONDS = 2.032
_SOUNDS_A_KIND = 16
_DEEPEST = -6.0
"""Log-mel below the loudest bin at which all is silence; 26 dB, above what codecs leave behind."""
_RIDGE = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class MaterialJudge:
    """Linear scores for each of the playroom's materials."""

    weights: Float[np.ndarray, "features materials"]
    biases: Float[np.ndarray, " materials"]

    def hear(self, sound: Waveform) -> str:
        """The material with the highest score."""
        scores = sound_features(sound) @ self.weights + self.biases
        return MATERIALS[int(scores.argmax())]


def heard_material(sound: Waveform) -> str:
    """The material that the judge hears in a sound at 16 kHz."""
    return fit_judge().hear(sound)


@cache
def fit_judge() -> MaterialJudge:
    """Fit the discriminant on bouncing sounds of every material and size (0.5 s, once a process)."""
    rows: list[Float[np.ndarray, " features"]] = []
    labels: list[int] = []
    for label in range(len(MATERIALS)):
        for size in SIZES:
            for number in range(_SOUNDS_A_KIND):
                thing = Thing(
                    shape="ball", colour="red", material=MATERIALS[label], size=size, position=(0, 0, 0)
                )
                rows.append(sound_features(_bounces(thing, number)))
                labels.append(label)
    features, classes = np.stack(rows), np.array(labels)
    means = np.stack([features[classes == label].mean(axis=0) for label in range(len(MATERIALS))])
    spread = features - means[classes]
    covariance = spread.T @ spread / len(features) + _RIDGE * np.eye(features.shape[1])
    weights = np.linalg.solve(covariance, means.T)
    return MaterialJudge(weights=weights, biases=-0.5 * np.sum(means.T * weights, axis=0))


def sound_features(sound: Waveform) -> Float[np.ndarray, " features"]:
    """The mean spectrum of the loud frames, of the whole, and how long bands stay loud; 96 numbers.

    All in log-mel below the loudest bin, cut at silence, so that loudness does not count.
    """
    values = log_mel(split_segments(sound, _GEOMETRY)[0], _GEOMETRY).values.astype(np.float64)
    values = np.where(values == 0, values.min(), values)
    levels = np.maximum(values - values.max(), _DEEPEST)
    loudness = levels.max(axis=1)
    loud = levels[loudness >= np.sort(loudness)[-8]]
    return np.concatenate([loud.mean(axis=0), levels.mean(axis=0), (levels > _DEEPEST / 2).mean(axis=0)])


def _bounces(thing: Thing, number: int) -> Waveform:
    """One to four ever weaker hits on the floor."""
    rng = random_stream(number, "playroom", "judge", thing.material, thing.size)
    time, impulse = float(rng.uniform(0.1, 0.5)), _impulse(thing, float(rng.uniform(1.0, 2.6)))
    contacts: list[Contact] = []
    for _ in range(int(rng.integers(1, 5))):
        contacts.append(Contact(time=time, thing=0, other=-1, impulse=impulse, material=thing.material))
        time, impulse = time + float(rng.uniform(0.08, 0.35)), impulse * float(rng.uniform(0.3, 0.8))
    return mix_contacts(contacts, (thing,), seconds=_SECONDS, seed=number)


def _impulse(thing: Thing, speed: float) -> float:
    """The impulse, in newton seconds, that changes a thing's speed by ``speed`` m/s."""
    return nominal_mass(thing.material, thing.size) * speed
