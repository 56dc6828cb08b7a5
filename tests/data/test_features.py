import numpy as np
import pytest
from synthetic import GEOMETRY, LetterTokenizer

from unio.core import InputError
from unio.data.features import featurise, target_picture, target_sound
from unio.media import normalise_clip
from unio.schema import Example, TargetModality, Waveform

TOKENIZER = LetterTokenizer()
SEGMENT = GEOMETRY.audio.segment_samples


def example(**changes: object) -> Example:
    fields: dict[str, object] = {"task": "t", "prompt": "ab", "target_modality": TargetModality.TEXT}
    return Example(**(fields | changes))  # type: ignore[arg-type]


def sound(segments: int, rate: int = 16000) -> Waveform:
    return Waveform(samples=np.sin(np.arange(segments * SEGMENT) * 0.3).astype(np.float32), rate=rate)


def test_text_and_its_target_end_with_the_end_id() -> None:
    features = featurise(example(target_text="c"), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.text.tolist() == [100, 101, 1]
    assert features.target is not None
    assert features.target.ids is not None
    assert features.target.ids.tolist() == [102, 1]


def test_long_text_is_cut() -> None:
    features = featurise(example(prompt="a" * 99), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert len(features.text) == 24
    assert features.text[-1] == 1


def test_picture_becomes_normalised_patches_with_its_padding_masked() -> None:
    wide = np.full((4, 16, 3), 255, dtype=np.uint8)  # fills rows 6..9 of 16: no patch's middle row
    features = featurise(example(image=wide), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.image is not None
    assert features.image.patches.shape == (1, 4, 8 * 8 * 3)
    assert features.image.patches.dtype == np.float32
    assert features.image.mask.tolist() == [[False, False, False, False]]
    square = np.full((16, 16, 3), 255, dtype=np.uint8)
    features = featurise(example(image=square), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.image is not None
    assert features.image.mask.all()
    assert features.image.positions.tolist() == [[0, 1, 2, 3]]
    white = normalise_clip(np.ones((1, 3), dtype=np.float32))[0]
    np.testing.assert_allclose(features.image.patches[0, 0, :3], white, atol=1e-6)


def test_history_has_one_entry_a_frame() -> None:
    frames = (np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), 255, np.uint8), np.zeros((8, 8, 3), np.uint8))
    features = featurise(example(image_history=frames), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.image is None
    assert features.image_history is not None
    assert features.image_history.patches.shape == (3, 1, 192)
    assert features.image_history.patches[1].mean() > features.image_history.patches[0].mean()


def test_long_sound_puts_its_last_segment_into_audio_and_the_others_into_the_history() -> None:
    features = featurise(example(audio=sound(3)), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.audio is not None
    assert features.audio_history is not None
    assert features.audio.patches.shape == (1, 4, 64)
    assert features.audio_history.patches.shape == (2, 4, 64)


def test_the_prompt_names_every_segment_of_a_long_sound() -> None:
    heard: list[str] = []

    class Listener:
        def encode(self, text: str, *, max_length: int | None = None) -> list[int]:
            heard.append(text)
            return [1]

    for count in (1, 3):
        asked = example(prompt="what? <audio_input>", audio=sound(count))
        featurise(asked, tokenizer=Listener(), geometry=GEOMETRY)
    assert heard == ["what? <audio_input>", "what? <audio_history_1> <audio_history_2> <audio_input>"]


def test_sound_history_alone_leaves_audio_empty() -> None:
    features = featurise(example(audio_history=(sound(1),)), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.audio is None
    assert features.audio_history is not None


def test_image_and_sound_targets_stay_media() -> None:
    painted = example(target_image=np.full((16, 16, 3), 255, np.uint8))
    features = featurise(painted, tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.target is not None
    assert features.target.media is not None
    assert features.target.media.shape == (16, 16, 3)
    assert features.target.media.min() == 1.0
    features = featurise(example(target_audio=sound(1)), tokenizer=TOKENIZER, geometry=GEOMETRY)
    assert features.target is not None
    assert features.target.media is not None
    assert features.target.media.shape == (16, 16)
    assert features.target.modality is TargetModality.AUDIO


def test_silence_is_the_quietest_target_not_a_loud_zero() -> None:
    silence = Waveform(samples=np.zeros(SEGMENT, np.float32), rate=16000)
    lowest = (np.log(1e-5) - GEOMETRY.audio.target_mean) / GEOMETRY.audio.target_std
    np.testing.assert_allclose(target_sound(silence, GEOMETRY.audio), lowest, rtol=1e-5)


def test_target_picture_pads_with_black() -> None:
    wide = np.full((8, 16, 3), 255, np.uint8)
    pixels = target_picture(wide, GEOMETRY.image)
    assert pixels[0].max() == -1.0
    assert pixels[8].min() == 1.0


def test_keep_leaves_a_share_of_the_patches() -> None:
    features = featurise(
        example(image=np.zeros((16, 16, 3), np.uint8)),
        tokenizer=TOKENIZER,
        geometry=GEOMETRY,
        rng=np.random.default_rng(3),
        keep=0.5,
    )
    assert features.image is not None
    assert features.image.patches.shape == (1, 2, 192)


def test_keep_needs_a_random_stream() -> None:
    with pytest.raises(InputError, match=r"only at random.*give rng"):
        featurise(example(), tokenizer=TOKENIZER, geometry=GEOMETRY, keep=0.5)


def test_too_long_a_history_is_refused() -> None:
    frames = (np.zeros((8, 8, 3), np.uint8),) * 5
    with pytest.raises(InputError, match="picture history too long: got 5 frames; expected at most 4"):
        featurise(example(image_history=frames), tokenizer=TOKENIZER, geometry=GEOMETRY)
    with pytest.raises(InputError, match="the sound is longer than the model hears: got 6 segments of"):
        featurise(example(audio=sound(6)), tokenizer=TOKENIZER, geometry=GEOMETRY)


def test_sound_at_another_rate_is_refused() -> None:
    with pytest.raises(InputError, match="got 8000 Hz; expected 16000 Hz"):
        featurise(example(audio=sound(1, rate=8000)), tokenizer=TOKENIZER, geometry=GEOMETRY)
