import numpy as np
import pytest

from unio.playroom import Camera, Light, Scene, Thing
from unio.playroom.bodies import nominal_mass
from unio.playroom.contacts import Contact
from unio.playroom.episode import Episode
from unio.playroom.language import heard_fall, sound_caption, sound_description, sound_tags
from unio.playroom.language import sounds as sounds_file


def fall(hits, *, material="metal", size="large", shape="ball"):
    """An episode in which a thing hits the floor at (time, change of speed)."""
    thing = Thing(shape=shape, colour="red", material=material, size=size, position=(0, 0, 0.3))
    scene = Scene(
        seed=0,
        split="test",
        things=(thing,),
        camera=Camera(azimuth=0, elevation=40, distance=1.1),
        light=Light(azimuth=0, elevation=50),
    )
    mass = nominal_mass(material, size)
    contacts = tuple(
        Contact(time=time, thing=0, other=-1, impulse=mass * speed, material=material) for time, speed in hits
    )
    return Episode(scenes=(scene,), contacts=contacts, seconds=2.032)


def test_hits_that_can_be_told_apart_are_counted():
    # The second is too soft, the fourth too close behind the third.
    episode = fall([(0.2, 1.5), (0.3, 0.1), (0.5, 0.8), (0.52, 0.7), (0.9, 0.4)])
    assert heard_fall(episode).hits == 3


def test_silence_is_no_fall():
    assert heard_fall(fall([(0.2, 0.05)])) is None


@pytest.mark.parametrize(
    ("hits", "times", "tag"),
    [
        (1, "once", "1 hit"),
        (2, "twice", "2 hits"),
        (4, "four times", "4 hits"),
        (6, "many times", "many hits"),
    ],
)
def test_the_number_of_hits_in_words(hits, times, tag):
    heard = heard_fall(fall([(0.2 * n, 1.0) for n in range(hits)]))
    assert heard.times == times
    assert sound_tags(heard) == ("metal", "large", tag)


def test_texts_tell_only_what_is_so():
    rng = np.random.default_rng(0)
    others = {"rubber", "wood", "metal", "small", "box", "ball", "cylinder", "capsule"}
    heard = heard_fall(fall([(0.2, 1.0), (0.5, 0.6)], material="glass", size="large", shape="cone"))
    for _ in range(60):
        for text in (sound_description(heard, rng), sound_caption(heard, rng)):
            words = set(text.lower().strip(".").replace(",", "").split())
            assert "glass" in words
            assert not words & others, text
            assert not words & {"once", "three", "many"}, text


def test_captions_name_size_and_material():
    rng = np.random.default_rng(1)
    heard = heard_fall(fall([(0.2, 1.0)]))
    assert all({"large", "metal"} <= set(sound_caption(heard, rng)[:-1].split()) for _ in range(30))


def test_there_are_eight_phrasings():
    assert min(len(set(sounds_file._DESCRIPTIONS)), len(set(sounds_file._CAPTIONS))) >= 8
