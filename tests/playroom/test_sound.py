import itertools

import numpy as np
import pytest

from unio.playroom.contacts import Contact
from unio.playroom.sound import SAMPLE_RATE, impact_sound, mix_contacts, sound_energies
from unio.playroom.things import MATERIALS, Material, Size, Thing


def sound(material: Material, size: Size = "large", impulse: float = 5.0) -> np.ndarray:
    return impact_sound(material, size, impulse, np.random.default_rng(0))


def centroid(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(power @ np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE) / power.sum())


def decay(samples: np.ndarray) -> float:
    """Seconds until a thousandth of the energy is left."""
    left = np.cumsum(samples[::-1].astype(np.float64) ** 2)[::-1]
    return int(np.argmax(left < left[0] / 1000)) / SAMPLE_RATE


def test_pitch_rises_from_rubber_over_wood_and_metal_to_glass() -> None:
    for size in ("small", "large"):
        pitches = [centroid(sound(material, size)) for material in ("rubber", "wood", "metal", "glass")]
        assert all(low * 1.5 < high for low, high in itertools.pairwise(pitches)), pitches


def test_metal_rings_longest_and_rubber_shortest() -> None:
    decays = {material: decay(sound(material)) for material in MATERIALS}
    assert decays["rubber"] <= decays["wood"] < decays["glass"] / 2 < decays["metal"] / 4


def test_small_things_sound_higher() -> None:
    for material in MATERIALS:
        assert centroid(sound(material, "small")) > 1.3 * centroid(sound(material, "large"))


def test_harder_hits_are_louder_and_stay_in_range() -> None:
    soft, hard, hardest = (np.abs(sound("wood", impulse=impulse)).max() for impulse in (0.2, 2.0, 1e6))
    assert soft < hard < hardest <= 1
    assert sound("wood").dtype == np.float32


def test_mix_is_silent_before_the_hit_and_never_leaves_the_range() -> None:
    things = [
        Thing(shape="ball", colour="red", material=material, size="small", position=(0, 0, 0))
        for material in ("metal", "wood")
    ]
    contacts = [
        Contact(time=0.25, thing=0, other=-1, impulse=50.0, material="metal"),
        Contact(time=0.25, thing=0, other=1, impulse=50.0, material="metal"),
        Contact(time=0.9, thing=1, other=-1, impulse=9.0, material="wood"),
    ]
    mix = mix_contacts(contacts, things, seconds=0.5, seed=1)
    assert (mix.rate, len(mix.samples), mix.samples.dtype) == (16000, 8000, np.float32)
    assert not mix.samples[:4000].any()
    assert np.abs(mix.samples).max() == pytest.approx(0.99, abs=1e-3)


def test_no_contact_is_silence() -> None:
    assert not mix_contacts((), (), seconds=0.1, seed=0).samples.any()


def test_energies_of_things_are_those_of_their_own_sounds() -> None:
    things = tuple(
        Thing(shape="ball", colour="red", material=material, size="large", position=(0, 0, 0))
        for material in ("metal", "rubber")
    )
    hits = tuple(
        Contact(time=time, thing=thing, other=-1, impulse=1.0, material=things[thing].material)
        for time, thing in ((0.1, 0), (0.3, 1))
    )
    energies = sound_energies(hits, things, seconds=1.0, seed=4)
    for index in (0, 1):
        alone = mix_contacts(hits[index : index + 1], things, seconds=1.0, seed=4).samples
        assert energies[index] == pytest.approx(float((alone.astype(np.float64) ** 2).sum()), rel=1e-4)
    assert sound_energies((), things, seconds=0.5, seed=0).tolist() == [0.0, 0.0]
