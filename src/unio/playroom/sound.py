"""Sound of the playroom: a thing that is hit rings in damped modes, given by its material and size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32

from unio.core import random_stream
from unio.playroom.bodies import nominal_mass
from unio.playroom.contacts import Contact
from unio.playroom.rays import FLOOR_ID
from unio.playroom.things import Material, Size, Thing
from unio.schema import Waveform

__all__ = ["SAMPLE_RATE", "impact_sound", "mix_contacts", "sound_energies"]

SAMPLE_RATE = 16000

Samples = Float32[np.ndarray, " samples"]


@dataclass(frozen=True, kw_only=True)
class _Voice:
    """How a material rings.

    ``pitch``: lowest mode in Hz of a large thing; ``modes``: (multiple of the pitch, loudness, seconds in
    which it falls to 1/e). ``click``: loudness of the noise at the hit, ``dullness``: samples over which
    that noise is smeared.
    """

    pitch: float
    modes: tuple[tuple[float, float, float], ...]
    click: float
    dullness: int


_VOICES: dict[Material, _Voice] = {
    "rubber": _Voice(
        pitch=105.0,
        modes=((1.0, 1.0, 0.045), (1.63, 0.5, 0.03), (2.4, 0.2, 0.02)),
        click=0.12,
        dullness=24,
    ),
    "wood": _Voice(
        pitch=410.0,
        modes=((1.0, 1.0, 0.06), (2.57, 0.6, 0.035), (4.2, 0.3, 0.022), (5.9, 0.15, 0.014)),
        click=0.35,
        dullness=5,
    ),
    "metal": _Voice(
        pitch=760.0,
        modes=(
            (1.0, 1.0, 0.75),
            (1.52, 0.7, 0.6),
            (2.19, 0.6, 0.5),
            (2.93, 0.5, 0.4),
            (4.1, 0.4, 0.32),
            (5.4, 0.3, 0.25),
        ),
        click=0.25,
        dullness=1,
    ),
    "glass": _Voice(
        pitch=2350.0,
        modes=((1.0, 1.0, 0.16), (1.37, 0.6, 0.12), (1.86, 0.4, 0.09)),
        click=0.2,
        dullness=1,
    ),
}

_SMALLER_IS_HIGHER: dict[Size, float] = {"large": 1.0, "small": 1.6}
_FULL_SPEED = 2.2
"""Change of speed in m/s that rings at full loudness."""
_LOUDEST = 0.85
_SILENT_AFTER = 6.0
"""Decay times after which a mode is cut: it is 52 dB down."""
_CLICK_SECONDS = 0.0025


def impact_sound(material: Material, size: Size, impulse: float, rng: np.random.Generator) -> Samples:
    """One hit: float32 samples at 16 kHz within [-1, 1], until it has died away.

    ``impulse`` is in newton seconds; what matters is the speed it gives a ball of that material and size.
    ``rng`` detunes the modes a little, as no two things are alike.

    Example::

        impact_sound("metal", "small", 1.0, np.random.default_rng(0))  # a long, bright ring
    """
    return _ring(material, size, rng) * np.float32(_loudness(material, size, impulse))


def mix_contacts(
    contacts: Sequence[Contact], things: Sequence[Thing], *, seconds: float, seed: int
) -> Waveform:
    """What the contacts sound like together, ``seconds`` long and in step with their times.

    A thing keeps its detuning for the whole sound, so that its second bounce rings like its first. When
    two things meet, both ring. The mix is turned down if it would leave [-1, 1].
    """
    mix = np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)
    for start, _, ring in _rings(contacts, things, length=len(mix), seed=seed):
        mix[start : start + len(ring)] += ring
    peak = float(np.abs(mix).max(initial=0))
    return Waveform(samples=mix / np.float32(max(peak / 0.99, 1)), rate=SAMPLE_RATE)


def sound_energies(
    contacts: Sequence[Contact], things: Sequence[Thing], *, seconds: float, seed: int
) -> Float[np.ndarray, " things"]:
    """How much each thing adds to what `mix_contacts` makes of the same: the sum of its squared samples.

    A thing's own rings interfere as they do in the mix; those of two things do not.
    """
    tracks = np.zeros((len(things), round(seconds * SAMPLE_RATE)), dtype=np.float32)
    for start, index, ring in _rings(contacts, things, length=tracks.shape[1], seed=seed):
        tracks[index, start : start + len(ring)] += ring
    return np.sum(tracks.astype(np.float64) ** 2, axis=1)


def _rings(
    contacts: Sequence[Contact], things: Sequence[Thing], *, length: int, seed: int
) -> Iterator[tuple[int, int, Samples]]:
    """Each ring that is heard within ``length`` samples: where it starts, which thing rings, and the ring."""
    rings: dict[int, Samples] = {}
    for contact in contacts:
        start = round(contact.time * SAMPLE_RATE)
        for index in (contact.thing, contact.other):
            if index == FLOOR_ID or start >= length:
                continue
            thing = things[index]
            if index not in rings:
                rng = random_stream(seed, "playroom", "sound", index)
                rings[index] = _ring(thing.material, thing.size, rng)
            loudness = np.float32(_loudness(thing.material, thing.size, contact.impulse))
            yield start, index, rings[index][: length - start] * loudness


def _loudness(material: Material, size: Size, impulse: float) -> float:
    speed = max(impulse, 0) / nominal_mass(material, size)
    return _LOUDEST * min(speed / _FULL_SPEED, 1) ** 0.8


def _ring(material: Material, size: Size, rng: np.random.Generator) -> Samples:
    """The material's answer to one hit, its peak at 1."""
    voice = _VOICES[material]
    pitch = voice.pitch * _SMALLER_IS_HIGHER[size] * (1 + 0.04 * rng.uniform(-1, 1))
    longest = max(decay for _, _, decay in voice.modes)
    ring = np.zeros(round(longest * _SILENT_AFTER * SAMPLE_RATE), dtype=np.float32)
    for multiple, loudness, decay in voice.modes:
        frequency = pitch * multiple * (1 + 0.015 * rng.uniform(-1, 1))
        time = np.arange(round(decay * _SILENT_AFTER * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
        wave = np.sin(np.float32(2 * np.pi * frequency) * time) * np.exp(time * np.float32(-1 / decay))
        ring[: len(wave)] += np.float32(loudness) * wave
    ring /= np.abs(ring).max()
    click = rng.standard_normal(round(4 * _CLICK_SECONDS * SAMPLE_RATE))
    click *= np.exp(-np.arange(len(click)) / (_CLICK_SECONDS * SAMPLE_RATE))
    click = np.convolve(click, np.full(voice.dullness, 1 / voice.dullness**0.5), mode="same")
    ring[: len(click)] += (voice.click * click / np.abs(click).max()).astype(np.float32)
    return ring / np.abs(ring).max()
