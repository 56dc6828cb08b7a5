import numpy as np

from unio.data.sources.playroom import PlayroomSource

SOURCE = PlayroomSource(split="test", size=32)


def test_talk_is_of_pictures_and_sounds():
    examples = [SOURCE.example("converse", 0, index) for index in range(40)]
    heard = [example for example in examples if example.audio is not None]
    assert 2 <= len(heard) <= 16
    for example in examples:
        assert ("<audio_input>" in example.prompt) == (example.audio is not None)
        assert ("<image_input>" in example.prompt) == (example.image is not None)


def test_wishes_for_pictures_are_edits_or_drawings():
    examples = [SOURCE.example("converse_image", 0, index) for index in range(20)]
    edits = [example for example in examples if example.image is not None]
    assert 3 <= len(edits) <= 17
    for example in edits:
        assert example.target_image is not None
        assert not np.array_equal(example.image, example.target_image)


def test_a_wish_for_a_sound_has_one():
    example = SOURCE.example("converse_audio", 0, 0)
    assert example.target_audio is not None
    assert np.abs(example.target_audio.samples).max() > 0
