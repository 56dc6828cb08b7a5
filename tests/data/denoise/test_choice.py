from collections import Counter

import numpy as np
import pytest

from unio.core import InputError
from unio.data.denoise import DenoiserConfig, Material, MediaDenoising, TextDenoising, choose, present
from unio.data.denoise.choice import Choice
from unio.schema import InputModality, Paradigm, TargetModality, Waveform

PICTURE = np.zeros((2, 2, 3), dtype=np.uint8)
SOUND = Waveform(samples=np.zeros(8, np.float32), rate=16000)
ALL = Material(
    name="all", text="words", image=PICTURE, image_history=(PICTURE,), audio=SOUND, audio_history=(SOUND,)
)


def draws(material: Material, config: DenoiserConfig, count: int = 300) -> list[Choice]:
    return [choose(material, config=config, rng=np.random.default_rng(seed)) for seed in range(count)]


def test_targets_follow_their_weights_among_those_present() -> None:
    config = DenoiserConfig(targets={TargetModality.TEXT: 3.0, TargetModality.IMAGE: 1.0})
    counts = Counter(choice.target for choice in draws(ALL, config))
    assert set(counts) == {TargetModality.TEXT, TargetModality.IMAGE}
    assert 2 < counts[TargetModality.TEXT] / counts[TargetModality.IMAGE] < 4.5
    only_sound = Material(name="sound", audio=SOUND)
    assert {choice.target for choice in draws(only_sound, DenoiserConfig(), 5)} == {TargetModality.AUDIO}


def test_others_are_kept_at_their_rates_and_the_target_never() -> None:
    config = DenoiserConfig(keep={InputModality.IMAGE: 0.0, InputModality.AUDIO: 0.5})
    for choice in draws(ALL, config):
        assert InputModality(choice.target.value) not in choice.kept
        assert InputModality.IMAGE not in choice.kept
        assert InputModality.AUDIO_HISTORY in choice.kept
    sound = [InputModality.AUDIO in one.kept for one in draws(ALL, config) if one.target == "text"]
    assert 0.3 < np.mean(sound) < 0.7


def test_paradigms_follow_their_weights() -> None:
    config = DenoiserConfig(
        targets={TargetModality.TEXT: 1.0}, text=TextDenoising(sequential=0, regular=1, extreme=3)
    )
    counts = Counter(choice.paradigm for choice in draws(ALL, config))
    assert set(counts) == {Paradigm.REGULAR, Paradigm.EXTREME}
    assert 2 < counts[Paradigm.EXTREME] / counts[Paradigm.REGULAR] < 4.5
    config = DenoiserConfig(targets={TargetModality.IMAGE: 1.0}, image=MediaDenoising(regular=1.0))
    assert {choice.paradigm for choice in draws(ALL, config, 9)} == {Paradigm.REGULAR}


def test_a_picture_alone_is_restored_never_made_of_nothing() -> None:
    config = DenoiserConfig(image=MediaDenoising(regular=0.0))
    alone = Material(name="alone", image=PICTURE)
    assert {choice.paradigm for choice in draws(alone, config, 9)} == {Paradigm.REGULAR}


def test_a_choice_is_a_function_of_the_generator() -> None:
    assert draws(ALL, DenoiserConfig(), 20) == draws(ALL, DenoiserConfig(), 20)


def test_present_modalities_are_named() -> None:
    assert present(ALL) == frozenset(InputModality)
    assert present(Material(name="page", context="before", image=PICTURE)) == {"text", "image"}


def test_material_without_a_possible_target_is_refused() -> None:
    frames = Material(name="frames", image_history=(PICTURE,))
    with pytest.raises(InputError, match=r"material 'frames' has nothing to predict: got image_history"):
        draws(frames, DenoiserConfig(), 1)
    with pytest.raises(InputError, match="got nothing at all"):
        draws(Material(name="void"), DenoiserConfig(), 1)
