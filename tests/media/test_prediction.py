import json
from pathlib import Path

import numpy as np
import pytest

from unio.core import InputError
from unio.media import Prediction, load_audio, load_image
from unio.schema import Waveform

SOURCE = np.full((24, 32, 3), 120, np.uint8)
MASK = np.zeros((24, 32), np.bool_)
MASK[4:12, 4:20] = True
DEPTH = np.linspace(1, 3, 24 * 32, dtype=np.float32).reshape(24, 32)
NORMALS = np.tile(np.array([0, 0, 1], np.float32), (24, 32, 1))
SOUND = Waveform(samples=(0.5 * np.sin(np.arange(16000) / 8)).astype(np.float32), rate=16000)
BOXES = np.array([[2.0, 3.0, 12.0, 20.0], [5.0, 5.0, 20.0, 30.0]])

ANSWERS = {
    "text": Prediction(task="caption", text="two balls", source=SOURCE),
    "sum": Prediction(task="arithmetic", text="4"),
    "boxes": Prediction(task="detect", boxes=BOXES, labels=("ball", "cube"), text="..", source=SOURCE),
    "no boxes": Prediction(task="detect", boxes=np.zeros((0, 4)), source=SOURCE),
    "points": Prediction(task="points", points=np.array([[3.0, 4.0]]), labels=("nose",), source=SOURCE),
    "image": Prediction(task="image_from_text", image=SOURCE),
    "audio": Prediction(task="audio_from_text", audio=SOUND),
    "depth": Prediction(task="depth", depth=DEPTH, source=SOURCE),
    "normals": Prediction(task="normals", normals=NORMALS, source=SOURCE),
    "mask": Prediction(task="segment", mask=MASK, source=SOURCE),
    "bare mask": Prediction(task="segment", mask=MASK),
    "pose": Prediction(task="camera_pose", pose=np.array([0.1, -1.0, 0.5]), text="..", source=SOURCE),
    "push": Prediction(task="act", action=np.array([[2.0, 3.0, 20.0, 30.0]]), source=SOURCE),
    "scores": Prediction(task="question", text="red", scores={"red": -0.5, "blue": -2.0}),
    "nothing": Prediction(task="caption"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_can_be_drawn(name: str):
    drawn = ANSWERS[name].draw()
    assert drawn.dtype == np.uint8
    assert (drawn.ndim, drawn.shape[2]) == (3, 3)


@pytest.mark.parametrize("name", ["boxes", "points", "push"])
def test_places_are_drawn_on_the_source(name: str):
    drawn = ANSWERS[name].draw()
    assert drawn.shape == (240, 320, 3)
    assert (drawn != 120).any()


def test_maps_keep_their_size():
    for name in ("image", "depth", "normals", "mask"):
        assert ANSWERS[name].draw().shape == (24, 32, 3)


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (ANSWERS["text"], "two balls"),
        (ANSWERS["boxes"], "2.0,3.0,12.0,20.0  ball\n5.0,5.0,20.0,30.0  cube\n(y1,x1,y2,x2 in pixels)"),
        (
            Prediction(task="detect", boxes=BOXES, labels=("ball",)),
            "2.0,3.0,12.0,20.0  ball\n5.0,5.0,20.0,30.0\n(y1,x1,y2,x2 in pixels)",
        ),
        (ANSWERS["points"], "3.0,4.0  nose\n(y,x in pixels)"),
        (ANSWERS["push"], "2.0,3.0,20.0,30.0\n(from y1,x1 to y2,x2 in pixels)"),
        (ANSWERS["no boxes"], ""),
        (ANSWERS["depth"], ""),
        (Prediction(task="normal_at", text="<extra_id_699>", told="x +0.00 (right)"), "x +0.00 (right)"),
    ],
)
def test_an_answer_is_read_as_words_and_places(answer: Prediction, read: str):
    assert answer.describe() == read


def test_words_stand_in_for_location_pieces_in_a_picture_too():
    told = Prediction(task="normal_at", text="<extra_id_699>", told="x +0.00 (right)", source=SOURCE)
    same = Prediction(task="normal_at", text="x +0.00 (right)", source=SOURCE)
    np.testing.assert_array_equal(told.draw(), same.draw())
    assert told.to_json()["told"] == "x +0.00 (right)"


def test_drawing_leaves_the_source_alone():
    for answer in ANSWERS.values():
        answer.draw()
    assert (SOURCE == 120).all()


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_is_told_as_json(name: str):
    told = ANSWERS[name].to_json()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["task"] == ANSWERS[name].task


def test_json_holds_what_is_set():
    assert ANSWERS["boxes"].to_json() == {
        "task": "detect",
        "text": "..",
        "boxes": [[2, 3, 12, 20], [5, 5, 20, 30]],
        "labels": ["ball", "cube"],
    }
    assert ANSWERS["audio"].to_json()["audio"] == {"seconds": 1.0, "rate": 16000}
    assert ANSWERS["depth"].to_json()["depth"] == {"height": 24, "width": 32}
    assert ANSWERS["scores"].to_json()["scores"] == {"red": -0.5, "blue": -2.0}


def test_picture_is_saved_as_it_is(tmp_path: Path):
    np.testing.assert_array_equal(load_image(ANSWERS["image"].save(tmp_path / "a.png")), SOURCE)


def test_other_answers_are_saved_as_drawn(tmp_path: Path):
    saved = load_image(ANSWERS["boxes"].save(tmp_path / "a.png"))
    np.testing.assert_array_equal(saved, ANSWERS["boxes"].draw())


def test_sound_is_saved(tmp_path: Path):
    saved = load_audio(ANSWERS["audio"].save(tmp_path / "a.wav"), rate=16000)
    np.testing.assert_allclose(saved.samples, SOUND.samples, atol=1e-4)


@pytest.mark.parametrize(("name", "numbers"), [("depth", DEPTH), ("normals", NORMALS), ("mask", MASK)])
def test_numbers_are_saved(tmp_path: Path, name: str, numbers: np.ndarray):
    np.testing.assert_array_equal(np.load(ANSWERS[name].save(tmp_path / "a.npy")), numbers)


def test_text_and_json_are_saved(tmp_path: Path):
    assert ANSWERS["text"].save(tmp_path / "a.txt").read_text() == "two balls\n"
    assert json.loads(ANSWERS["boxes"].save(tmp_path / "a.json").read_text())["labels"] == ["ball", "cube"]


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        ("text", "a.wav", "one of .png, .jpg, .jpeg, .webp, .bmp, .json, .txt"),
        ("audio", "a.npy", r".json, .wav, .flac, .ogg"),
        ("depth", "a.txt", ".json, .npy"),
        ("boxes", "a.mp4", ".json, .txt"),
        ("image", "a", ".json"),
    ],
)
def test_unfit_suffixes_are_refused(tmp_path: Path, name: str, file: str, expected: str):
    with pytest.raises(InputError, match=f"cannot save the answer of '.*' in this format: .*{expected}"):
        ANSWERS[name].save(tmp_path / file)
    assert list(tmp_path.iterdir()) == []
