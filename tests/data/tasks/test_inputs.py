import numpy as np
import pytest

from unio.core import InputError
from unio.data.tasks.inputs import (
    IMAGE,
    VIDEO,
    InputSpec,
    box_text,
    options_input,
    read_inputs,
    text_input,
)
from unio.schema import Waveform
from unio.vocab import parse_locations

BOX = InputSpec(name="box", kind="box", description="a box", field="box")
SPECS = (IMAGE, text_input("question", "a question"), BOX)
PICTURE = np.zeros((20, 40, 3), np.uint8)
GIVEN = {"image": PICTURE, "text": "what  is\nit?", "box": (1, 2, 10, 30)}


def read(**changes):
    return read_inputs("vqa", SPECS, {**GIVEN, **changes})


def test_texts_and_boxes_go_by_their_places():
    record = read()
    assert record["question"] == "what is it?"
    assert record["box"].tolist() == [1, 2, 10, 30]
    assert record["image"].shape == (20, 40, 3)


def test_an_unknown_input_is_refused():
    with pytest.raises(InputError, match=r"'vqa' has no input 'audio'.*expected image, text, box"):
        read(audio="x.wav")


def test_a_missing_input_is_named():
    with pytest.raises(InputError, match=r"needs the input 'text': got image, box; expected text: a q"):
        read(text=None)


def test_a_default_fills_in():
    spec = InputSpec(name="order", kind="text", description="up or down", field="order", default="up")
    assert read_inputs("sort", (spec,), {}) == {"order": "up"}


@pytest.mark.parametrize("text", ["", "  ", 3, b"what"])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(InputError, match=r"'text' is no text"):
        read(text=text)


@pytest.mark.parametrize("box", [(1, 2, 3), "1,2,3,x", None, (1, 2, float("nan"), 4)])
def test_what_is_no_box_is_refused(box):
    with pytest.raises(InputError, match=r"bad box|needs the input 'box'"):
        read(box=box)


def test_a_box_must_lie_in_the_picture():
    with pytest.raises(InputError, match=r"box outside the picture"):
        read(box=(1, 2, 21, 30))
    with pytest.raises(InputError, match=r"box is empty"):
        read(box=(5, 2, 5, 30))


def test_a_broken_picture_is_refused():
    with pytest.raises(InputError):
        read(image=b"no picture")


def test_histories_are_lists_of_one_to_eight_pictures():
    specs = (InputSpec(name="image_history", kind="images", description="frames"),)
    record = read_inputs("next_frame", specs, {"image_history": [PICTURE, PICTURE]})
    assert len(record["image_history"]) == 2
    with pytest.raises(InputError, match=r"no list of pictures"):
        read_inputs("next_frame", specs, {"image_history": PICTURE})
    for count in (0, 9):
        with pytest.raises(InputError, match=f"wrong number of pictures: got {count}"):
            read_inputs("next_frame", specs, {"image_history": [PICTURE] * count})


def test_sounds_come_at_16_khz():
    specs = (InputSpec(name="audio", kind="audio", description="a sound"),)
    sound = Waveform(samples=np.zeros(800, np.float32), rate=8000)
    assert read_inputs("audio_tag", specs, {"audio": sound})["audio"].rate == 16000


def test_boxes_are_told_in_the_padded_square():
    # 20 x 40 lies in a square of 40 with 10 rows above: y 0 is 0.25.
    text = box_text(np.array([0.0, 0.0, 20.0, 40.0]), PICTURE)
    assert parse_locations(text) == pytest.approx([0.25, 0, 0.75, 1], abs=1 / 999)


@pytest.mark.parametrize("value", ["one", "a;a", "a; ;b", ["a"], 5, ["a", 3]])
def test_bad_options_are_refused(value):
    with pytest.raises(InputError, match=r"bad choices: got .*; expected 2 to 4,096 different texts"):
        read_inputs("classify", (options_input(told=False),), {"choices": value})


def test_options_are_split_at_semicolons():
    record = read_inputs("classify", (options_input(told=False),), {"choices": "a cat;  a dog"})
    assert record["options"] == ("a cat", "a dog")


@pytest.mark.parametrize("value", ["1,2", "a,b,c", (1, 2, float("inf")), 4])
def test_a_bad_pose_is_refused(value):
    spec = InputSpec(name="pose", kind="pose", description="a pose", field="pose")
    with pytest.raises(InputError, match=r"bad pose: got .*; expected three numbers"):
        read_inputs("view_synthesis", (spec,), {"pose": value})


def test_a_video_fills_its_streams():
    frames = np.full((10, 8, 8, 3), 90, np.uint8)
    record = read_inputs("video_class", (VIDEO,), {"video": frames})
    assert len(record["image_history"]) == 4
    assert record["image"].shape == (8, 8, 3)
    assert record["audio"] is None


def test_an_optional_input_may_be_left_out():
    spec = InputSpec(name="image", kind="image", description="a picture", optional=True)
    assert read_inputs("choose", (spec,), {}) == {}
