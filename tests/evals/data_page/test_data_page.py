from pathlib import Path

import numpy as np
import pytest

from unio.data.denoise import ShownMedium
from unio.data.showing import FeaturesView, Piece
from unio.evals.data_page import CodecDecoder, Section, Shot, compose_data_page
from unio.model import load_model
from unio.schema import TargetFeatures, TargetModality

PICTURE = ShownMedium(label="a <b>", picture=np.zeros((2, 2, 3), np.uint8))


def shot(**changes: object) -> Shot:
    values = {
        "name": "vqa",
        "title": "[Text] [S]",
        "prompt": (Piece(id=7, text="<image_input>", is_added=True), Piece(id=957, text="", is_added=False)),
        "inputs": (PICTURE,),
        "answer": (Piece(id=9, text="a&b", is_added=False),),
        "targets": (),
        "codes": 1,
        "encoder_length": 12,
        "is_cut": False,
        **changes,
    }
    return Shot(place="here", view=FeaturesView(**values), given=(PICTURE,), facts={"box": "<1>"})  # type: ignore[arg-type]


def page(*shots: Shot) -> str:
    sections = [Section(heading="Tasks", note="n", shots=shots), Section(heading="Empty", note="", shots=())]
    return compose_data_page("a <title>", facts={"data": "x & y"}, sections=sections)


def test_every_text_is_escaped_and_shown() -> None:
    text = page(shot())
    assert "a &lt;title&gt;" in text
    assert "x &amp; y" in text
    assert "&lt;image_input&gt;<sub>7</sub>" in text
    assert '<span class="word">&nbsp;<sub>957</sub>' in text
    assert "<dd>&lt;1&gt;</dd>" in text
    assert text.count("data:image/png;base64,") == 2
    assert "comes out: 1 tokens" in text
    assert "Empty" not in text
    assert "http" not in text


def test_a_cut_prompt_and_codes_are_told() -> None:
    text = page(shot(is_cut=True, answer=(), codes=144, targets=(PICTURE,)))
    assert "cut at the text" in text
    assert "comes out: 144 codes" in text


@pytest.mark.parametrize("modality", [TargetModality.IMAGE, TargetModality.AUDIO])
def test_codecs_give_media_of_the_same_shape(tiny_model_folder: Path, modality: TargetModality) -> None:
    model = load_model(tiny_model_folder)
    shape = (16, 16, 3) if modality is TargetModality.IMAGE else (64, 16)
    media = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    decoded = CodecDecoder(model)(TargetFeatures(modality=modality, media=media))
    assert decoded.shape == shape
    assert np.isfinite(decoded).all()
