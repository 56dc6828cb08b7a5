import numpy as np

from unio.playroom.happenings import EPISODE_SECONDS, drop, drop_episode, roll_episode
from unio.playroom.sampling import sample_scene


def test_drop_begins_in_the_air_and_ends_on_the_floor_with_a_sound() -> None:
    for seed in range(3):
        episode = drop_episode(seed, "test")
        for first, last in zip(episode.scenes[0].things, episode.scenes[-1].things, strict=True):
            assert first.corners()[:, 2].min() > 0.02
            assert last.position[2] < first.position[2] - 0.05
        assert {contact.thing for contact in episode.contacts} >= set(range(len(episode.scenes[0].things)))
        assert np.abs(episode.waveform.samples).max() > 0.1
        assert len(episode.waveform.samples) == round(EPISODE_SECONDS * 16000) == 32512


def test_sound_starts_with_the_first_contact() -> None:
    episode = drop_episode(4, "train")
    first = round(episode.contacts[0].time * 16000)
    assert not episode.waveform.samples[:first].any()
    assert episode.waveform.samples[first : first + 400].any()


def test_episodes_are_pure_functions() -> None:
    first, second = drop_episode(1, "train", seconds=0.6), drop_episode(1, "train", seconds=0.6)
    assert first.scenes == second.scenes
    assert first.contacts == second.contacts
    np.testing.assert_array_equal(first.waveform.samples, second.waveform.samples)
    assert drop_episode(1, "test", seconds=0.6).scenes != first.scenes


def test_roll_ends_in_a_hit_between_things() -> None:
    hits = 0
    for seed in range(4):
        episode = roll_episode(seed, "train")
        hits += any(contact.other >= 0 for contact in episode.contacts)
        moved = [
            np.hypot(*np.subtract(last.position, first.position)[:2])
            for first, last in zip(episode.scenes[0].things, episode.scenes[-1].things, strict=True)
        ]
        assert max(moved) > 0.05
    assert hits >= 3


def test_drop_keeps_a_scene_s_things_above_their_places() -> None:
    scene = sample_scene(6, "test")
    first = drop(scene, seconds=0.1).scenes[0]
    assert [thing.name for thing in first.things] == [thing.name for thing in scene.things]
    for thing, lifted in zip(scene.things, first.things, strict=True):
        assert lifted.position[:2] == thing.position[:2]
