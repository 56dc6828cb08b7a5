"""Tokens to text, pictures and sounds."""

import numpy as np
import pytest
import torch

from unio.infer.decoding import Decoded
from unio.infer.outputs import make_outputs
from unio.media import from_target
from unio.model import UnifiedIO
from unio.schema import TargetModality
from unio.vocab import TextTokenizer


def decoded(ids: list[list[int]]) -> Decoded:
    return Decoded(ids=torch.tensor(ids), log_probability=torch.arange(len(ids)) - 2.0)


def test_texts_end_at_the_end_token(model: UnifiedIO, tokenizer: TextTokenizer):
    red, ball = tokenizer.encode("red"), tokenizer.encode("ball")
    assert max(len(red), len(ball)) <= 5
    rows = [[*ids, 1] + [0] * (5 - len(ids)) for ids in (red, ball)]
    outputs = make_outputs(decoded(rows), modality=TargetModality.TEXT, model=model, tokenizer=tokenizer)
    assert [output.text for output in outputs] == ["red", "ball"]
    assert [output.log_probability for output in outputs] == [-2.0, -1.0]
    assert outputs[0].ids is not None
    assert outputs[0].ids.tolist() == [*red, 1]


def test_a_text_without_room_for_its_end(model: UnifiedIO, tokenizer: TextTokenizer):
    ids = tokenizer.encode("the red ball")
    output = make_outputs(decoded([ids]), modality=TargetModality.TEXT, model=model, tokenizer=tokenizer)[0]
    assert output.text == "the red ball"


def test_pictures_are_the_codecs(model: UnifiedIO, tokenizer: TextTokenizer):
    ids = [[2 + place % 20 for place in range(16)], [21 - place for place in range(16)]]
    outputs = make_outputs(decoded(ids), modality=TargetModality.IMAGE, model=model, tokenizer=tokenizer)
    expected = model.decode_image(torch.tensor(ids) - 2).numpy()
    for output, pixels in zip(outputs, expected, strict=True):
        assert output.image is not None
        assert output.image.shape == (16, 16, 3)
        assert np.array_equal(output.image, from_target(pixels))


def test_sounds_are_whole_segments(model: UnifiedIO, tokenizer: TextTokenizer):
    output = make_outputs(
        decoded([[2, 3, 4, 5, 6, 7, 8, 9]]), modality=TargetModality.AUDIO, model=model, tokenizer=tokenizer
    )[0]
    assert output.audio is not None
    assert output.audio.rate == 16000
    assert output.audio.seconds == pytest.approx(31 * 64 / 16000)
    assert np.isfinite(output.audio.samples).all()
