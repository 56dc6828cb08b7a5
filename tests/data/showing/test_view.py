from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from unio.data import featurise
from unio.data.showing import FeaturesView, view_features
from unio.data.showing.patches import GREY
from unio.model import read_model_config
from unio.schema import Example, Geometry, TargetFeatures, TargetModality, Waveform
from unio.vocab import TextTokenizer

RED = np.full((20, 10, 3), (250, 0, 0), np.uint8)


@pytest.fixture(scope="module")
def tokenizer(tiny_model_folder: Path) -> TextTokenizer:
    return TextTokenizer.from_file(tiny_model_folder / "tokenizer.model")


@pytest.fixture(scope="module")
def tiny_geometry(tiny_model_folder: Path) -> Geometry:
    return read_model_config(tiny_model_folder).geometry


class Halved:
    def __call__(self, target: TargetFeatures) -> np.ndarray:
        assert target.media is not None
        return target.media / 2


def view(example: Example, tokenizer: TextTokenizer, geometry: Geometry, **options: Halved) -> FeaturesView:
    features = featurise(example, tokenizer=tokenizer, geometry=geometry)
    return view_features(features, tokenizer=tokenizer, geometry=geometry, **options)


def test_prompt_and_answer_are_pieces(tokenizer: TextTokenizer, tiny_geometry: Geometry) -> None:
    example = Example(
        task="vqa",
        prompt="[Text] [S] what? <image_input>",
        target_modality=TargetModality.TEXT,
        image=RED,
        target_text="<extra_id_200> red",
    )
    found = view(example, tokenizer, tiny_geometry)
    assert found.title == "[Text] [S]"
    assert [piece.text for piece in found.prompt if piece.is_added] == ["[Text] [S]", "<image_input>", "end"]
    assert found.answer[0].text == "<extra_id_200>"
    assert found.answer[0].is_added
    assert found.codes == len(found.answer)
    assert not found.is_cut
    (image,) = found.inputs
    # Twice as high as wide: half of the square's patches are padding.
    assert image.label == "image: 2 of 4 patches"
    assert (image.picture == GREY).all(axis=2).mean() == 0.5


def test_a_long_prompt_is_cut(tokenizer: TextTokenizer, tiny_geometry: Geometry) -> None:
    example = Example(task="t", prompt="word " * 99, target_modality=TargetModality.TEXT, target_text="a")
    assert view(example, tokenizer, tiny_geometry).is_cut


def test_a_picture_to_be_made_is_shown_before_and_behind_its_codec(
    tokenizer: TextTokenizer, tiny_geometry: Geometry
) -> None:
    example = Example(task="t", prompt="draw", target_modality=TargetModality.IMAGE, target_image=RED[:10])
    (alone,) = view(example, tokenizer, tiny_geometry).targets
    assert alone.label == "what its codec gets"
    assert alone.picture[5, 5].tolist() == [250, 0, 0]
    both = view(example, tokenizer, tiny_geometry, decoder=Halved())
    assert both.targets[1].label == "decoded from its 4 x 4 codes"
    assert both.targets[1].picture[5, 5].tolist() == [189, 64, 64]
    assert both.codes == 16


def test_hidden_codes_are_grey(tokenizer: TextTokenizer, tiny_geometry: Geometry) -> None:
    example = Example(task="t", prompt="draw", target_modality=TargetModality.IMAGE, target_image=RED[:10])
    features = featurise(example, tokenizer=tokenizer, geometry=tiny_geometry)
    assert features.target is not None
    hidden = np.arange(16) < 4
    target = replace(features.target, hidden=hidden)
    found = view_features(
        replace(features, target=target), tokenizer=tokenizer, geometry=tiny_geometry
    ).targets[0]
    assert "grey" in found.label
    assert (found.picture[:4] == GREY).all()
    assert not (found.picture[4:] == GREY).any()


def test_sounds_are_spectrograms(tokenizer: TextTokenizer, tiny_geometry: Geometry) -> None:
    tone = np.sin(np.arange(tiny_geometry.audio.segment_samples) / 5).astype(np.float32)
    sound = Waveform(samples=tone, rate=tiny_geometry.audio.sample_rate)
    example = Example(
        task="t", prompt="hum", target_modality=TargetModality.AUDIO, audio=sound, target_audio=sound
    )
    found = view(example, tokenizer, tiny_geometry)
    assert found.inputs[0].label.startswith("audio: ")
    assert found.targets[0].picture.shape[2] == 3
