import numpy as np

from unio.data.sources.playroom.judge import fit_judge, heard_material, sound_features
from unio.media import log_mel, log_mel_to_waveform
from unio.playroom import drop_episode
from unio.schema import AudioGeometry, Waveform

GEOMETRY = AudioGeometry(mels=64, frames=128)


def falls(count):
    episodes = [drop_episode(seed, "test", count=(1, 1)) for seed in range(count)]
    return [(episode.scenes[0].things[0].material, episode.waveform) for episode in episodes]


def test_true_sounds_are_heard_right_even_through_a_spectrogram():
    sounds = falls(24)
    assert np.mean([heard_material(sound) == material for material, sound in sounds]) >= 0.95
    rebuilt = [
        (material, log_mel_to_waveform(log_mel(sound.samples, GEOMETRY).values, GEOMETRY, iterations=8))
        for material, sound in sounds[:12]
    ]
    assert np.mean([heard_material(sound) == material for material, sound in rebuilt]) >= 0.9


def test_loudness_does_not_count():
    ((_, sound),) = falls(1)
    softer = Waveform(samples=sound.samples * np.float32(0.5), rate=sound.rate)
    assert np.abs(sound_features(softer) - sound_features(sound)).mean() < 0.1


def test_silence_and_short_sounds_are_judged_too():
    for samples in (np.zeros(16000, np.float32), np.ones(10, np.float32)):
        assert heard_material(Waveform(samples=samples, rate=16000)) in ("rubber", "wood", "metal", "glass")


def test_fitting_is_deterministic():
    first = fit_judge()
    fit_judge.cache_clear()
    assert np.array_equal(first.weights, fit_judge().weights)
