import numpy as np
import pytest

from unio.core import InputError
from unio.data.tasks import task
from unio.infer import needed_modalities
from unio.schema import DecodingOptions, Example, Geometry, Waveform

PICTURE = np.zeros((8, 8, 3), np.uint8)
SOUND = Waveform(samples=np.zeros(800, np.float32), rate=16000)


def needs(example: Example) -> list[str]:
    return needed_modalities(example, Geometry())


def test_what_goes_in_and_what_comes_out():
    assert needs(task("instruct").request(text="Name a fruit.")) == []
    assert needs(task("depth").request(image=PICTURE)) == ["image", "image_target"]
    assert needs(task("audio_tag").request(audio=SOUND)) == ["audio"]
    assert needs(task("audio_from_text").request(text="a drop")) == ["audio_target"]
    pair = task("next_frame").request(image=PICTURE, image_history=[PICTURE])
    assert needs(pair) == ["image", "image_history", "image_target"]


def test_candidates_are_looked_at_or_heard():
    options = DecodingOptions(candidates=2)
    drawn, sung = (task(f"{kind}_from_text").request(text="a drop") for kind in ("image", "audio"))
    assert needed_modalities(drawn, Geometry(), options=options) == ["image", "image_target"]
    assert needed_modalities(sung, Geometry(), options=options) == ["audio", "audio_target"]


def test_a_long_sound_has_a_history():
    long = Waveform(samples=np.zeros(10 * 16000, np.float32), rate=16000)
    assert needs(task("audio_caption").request(audio=long)) == ["audio", "audio_history"]


def test_what_is_too_long_is_told():
    endless = Waveform(samples=np.zeros(30 * 16000, np.float32), rate=16000)
    with pytest.raises(
        InputError,
        match=r"longer than the model hears: got 7 segments of 4.08 s; expected at most 5, 20.4 s together",
    ):
        needs(task("audio_caption").request(audio=endless))
