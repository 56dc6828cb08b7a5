"""Prefix and media pieces of free prompts, and the kinds of media a user may give."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from unio.core import InputError
from unio.data.tasks import compose_prompt
from unio.infer.free_prompt import free_example, free_prompt, read_sound
from unio.media import save_audio, save_image
from unio.schema import TargetModality, Waveform

TEXT, IMAGE, AUDIO = TargetModality.TEXT, TargetModality.IMAGE, TargetModality.AUDIO
PICTURE = np.full((8, 5, 3), 200, np.uint8)
SAMPLES = np.linspace(-0.5, 0.5, 800, dtype=np.float32)


def test_prefix_and_pieces_are_added():
    pieces = ["<image_history_1>", "<image_input>", "<audio_input>"]
    assert free_prompt("what is this?", output=TEXT, pieces=pieces) == (
        "[Text] [S] what is this? <image_history_1> <image_input> <audio_input>"
    )
    assert free_prompt("", output=IMAGE, pieces=["<image_input>"]) == "[Image] [S] <image_input>"


def test_tasks_place_pieces_the_same_way():
    ours = free_prompt("next?", output=IMAGE, pieces=["<image_history_1>", "<image_input>", "<audio_input>"])
    assert ours == compose_prompt("next?", output=IMAGE, image_history=1, image=True, audio=True)


def test_what_the_user_wrote_stays():
    prompt = "[Image] [R]  make <image_input>\nblue"
    assert free_prompt(prompt, output=IMAGE, pieces=["<image_history_1>", "<image_input>"]) == (
        "[Image] [R] make <image_input> blue <image_history_1>"
    )


def test_prefix_of_another_output():
    with pytest.raises(InputError, match=r"another output: got '\[Audio\] \[S\]'; expected \[Text\]"):
        free_prompt("[Audio] [S] a bang", output=TEXT, pieces=[])


def test_a_piece_without_its_medium():
    with pytest.raises(InputError, match="the prompt names <image_input>, which was not given"):
        free_prompt("what is <image_input>?", output=TEXT, pieces=["<audio_input>"])


def test_nothing_at_all():
    with pytest.raises(InputError, match="nothing to answer: got an empty prompt and no media"):
        free_example("  ", output=TEXT, rate=16000)


def test_every_kind_of_picture(tmp_path: Path):
    path = tmp_path / "grey.png"
    save_image(PICTURE, path)
    for source in (path, str(path), path.read_bytes(), Image.fromarray(PICTURE), PICTURE):
        example = free_example("what?", output=TEXT, rate=16000, image=source, image_history=[source, source])
        assert example.image is not None
        assert np.array_equal(example.image, PICTURE)
        assert len(example.image_history) == 2
        assert example.prompt.endswith("<image_history_1> <image_history_2> <image_input>")


def test_every_kind_of_sound(tmp_path: Path):
    path = tmp_path / "ramp.wav"
    save_audio(Waveform(samples=SAMPLES, rate=16000), path)
    stereo = np.stack([SAMPLES, SAMPLES], axis=1)
    whole_numbers = np.round(SAMPLES * 32767).astype(np.int16)
    for source in (
        path,
        path.read_bytes(),
        Waveform(samples=SAMPLES, rate=16000),
        (SAMPLES, 16000),
        (stereo, 16000),
        (whole_numbers, 16000),
    ):
        example = free_example("what?", output=TEXT, rate=16000, audio=source, audio_history=[source])
        assert example.audio is not None
        np.testing.assert_allclose(example.audio.samples, SAMPLES, atol=1e-3)
        assert example.prompt.endswith("<audio_history_1> <audio_input>")


def test_sounds_come_at_the_rate_of_the_model():
    sound = read_sound((SAMPLES, 32000), rate=16000)
    assert sound.rate == 16000
    assert len(sound.samples) == pytest.approx(400, abs=2)


@pytest.mark.parametrize(
    "samples", [np.zeros((2, 3, 4)), np.array(["a"]), np.array(0.5), np.zeros(5, np.uint8)]
)
def test_samples_of_another_shape_or_type(samples: np.ndarray):
    with pytest.raises(InputError, match="samples of a sound have a wrong shape or type"):
        read_sound((samples, 16000), rate=16000)


def test_a_sound_without_its_rate():
    with pytest.raises(InputError, match="a sound without its rate: got None; expected samples a second"):
        read_sound((SAMPLES, None), rate=16000)  # pyright: ignore[reportArgumentType]


def test_nan_samples_and_missing_files():
    with pytest.raises(InputError, match="NaN or infinite"):
        read_sound((np.array([0.0, np.nan]), 16000), rate=16000)
    with pytest.raises(InputError, match=r"cannot read missing\.png"):
        free_example("what?", output=TEXT, rate=16000, image="missing.png")
