from pathlib import Path

import numpy as np
import pytest

from unio.core import InputError
from unio.data.sources.playroom import PlayroomSource
from unio.evals.ceiling import CodecCeiling
from unio.infer import load
from unio.schema import DecodingOptions, Example, TargetModality

OPTIONS = [DecodingOptions()]


@pytest.fixture(scope="module")
def source() -> PlayroomSource:
    return PlayroomSource(split="test", size=32)


@pytest.fixture(scope="module")
def ceiling(tiny_model_folder: Path) -> CodecCeiling:
    predictor = load(tiny_model_folder)
    return CodecCeiling(predictor.model, predictor.tokenizer)


def test_text_comes_back_as_it_was(ceiling: CodecCeiling, source: PlayroomSource) -> None:
    examples = [source.example("sort", 0, index) for index in (0, 1)]
    outputs = ceiling.answer(examples, OPTIONS * 2)
    assert [output.text for output in outputs] == [example.target_text for example in examples]


def test_a_picture_comes_back_in_codes(ceiling: CodecCeiling, source: PlayroomSource) -> None:
    (output,) = ceiling.answer([source.example("depth", 0, 0)], OPTIONS)
    assert output.image is not None
    assert output.image.shape == (16, 16, 3)
    assert output.ids is not None
    assert len(output.ids) == 16
    assert np.all((output.ids >= 2) & (output.ids < 22))


def test_a_sound_comes_back_in_codes(ceiling: CodecCeiling, source: PlayroomSource) -> None:
    (output,) = ceiling.answer([source.example("audio_from_text", 0, 0)], OPTIONS)
    assert output.audio is not None
    assert output.audio.rate == 16000
    assert output.ids is not None
    assert np.all((output.ids >= 2) & (output.ids < 14))


def test_an_example_without_target_has_no_ceiling(ceiling: CodecCeiling) -> None:
    question = Example(task="sort", prompt="[Text] [S] sort 2 1", target_modality=TargetModality.TEXT)
    with pytest.raises(InputError, match="no single target to encode: got no target"):
        ceiling.answer([question], OPTIONS)
