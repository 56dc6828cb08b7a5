import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

import unio.infer
from tests.media.video.conftest import encode, greys
from unio.cli.run import parse_box, tell
from unio.core import InputError
from unio.media import Prediction

NOISE = np.random.default_rng(2)


def sound(path: Path, samples: np.ndarray, *, rate: int = 16000) -> Path:
    soundfile.write(path, samples.astype(np.float32), rate, subtype="FLOAT")
    return path


def test_a_text_answer_is_printed(command, tiny_model_folder):
    outcome = command("run", "arithmetic", "--text", "2 + 3", "--model", tiny_model_folder)
    assert outcome.status == 0
    assert outcome.out.strip()


def test_the_same_seed_gives_the_same_picture(command, tiny_model_folder, tmp_path):
    words = ["run", "image_from_text", "--text", "a red ball", "--model", tiny_model_folder]
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        assert command(*words, "--seed", seed, "--out", tmp_path / f"{name}.png").status == 0
    one, again, other = ((tmp_path / f"{name}.png").read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


def test_json_tells_the_answer_and_where_it_is(command, tiny_model_folder, picture, tmp_path):
    out = tmp_path / "new" / "depth.npy"
    outcome = command(
        "run", "depth", "--image", picture, "--json", "--out", out, "--model", tiny_model_folder
    )
    assert json.loads(outcome.out) == {
        "task": "depth",
        "depth": {"height": 40, "width": 60},
        "saved": str(out),
    }
    assert np.load(out).shape == (40, 60)


def test_boxes_are_printed_in_pixels_and_their_pieces_only_in_json(capsys):
    boxes = np.array([[1.0, 2.0, 30.0, 50.0]])
    prediction = Prediction(task="detect", text="<extra_id_210> ..", boxes=boxes, labels=("ball",))
    tell(prediction, saved=None, as_json=False)
    assert capsys.readouterr().out == "1.0,2.0,30.0,50.0  ball\n(y1,x1,y2,x2 in pixels)\n"
    tell(prediction, saved=None, as_json=True)
    assert json.loads(capsys.readouterr().out)["text"] == "<extra_id_210> .."


@pytest.mark.parametrize(
    ("name", "inputs", "saved"),
    [
        ("image_from_text", ["--text", "a ball"], "image_from_text.png"),
        ("audio_from_text", ["--text", "a drop"], "audio_from_text.wav"),
    ],
)
def test_a_medium_without_a_place_is_saved_under_its_tasks_name(
    command, tiny_model_folder, tmp_path, monkeypatch, name, inputs, saved
):
    monkeypatch.chdir(tmp_path)
    outcome = command("run", name, *inputs, "--model", tiny_model_folder)
    assert outcome.out == f"saved {saved}\n"
    assert (tmp_path / saved).stat().st_size > 0


def test_a_box_a_history_and_a_sound_are_taken(command, tiny_model_folder, picture, tmp_path):
    heard = sound(tmp_path / "sound.wav", NOISE.normal(size=8000) * 0.1)
    for arguments in (
        ["region_class", "--image", picture, "--box", "1,2,30,50"],
        ["camera_pose", "--image", picture, "--image-history", picture, "--json"],
        ["audio_tag", "--audio", heard],
    ):
        assert command("run", *arguments, "--model", tiny_model_folder).status == 0


def test_pictures_of_every_kind_are_read(command, tiny_model_folder, tmp_path):
    Image.new("CMYK", (20, 30)).save(tmp_path / "cmyk.jpg")
    Image.new("P", (20, 30)).save(tmp_path / "palette.png")
    Image.fromarray(np.full((30, 20), 9000, dtype=np.uint16)).save(tmp_path / "deep.png")
    turned = Image.new("RGB", (20, 30))
    orientation = turned.getexif()
    orientation[274] = 6
    turned.save(tmp_path / "turned.jpg", exif=orientation)
    expected = {
        "cmyk.jpg": (30, 20),
        "palette.png": (30, 20),
        "deep.png": (30, 20),
        "turned.jpg": (20, 30),
    }
    for name, (height, width) in expected.items():
        arguments = ["--image", tmp_path / name, "--json", "--out", tmp_path / "depth.json"]
        outcome = command("run", "depth", *arguments, "--model", tiny_model_folder)
        assert json.loads(outcome.out)["depth"] == {"height": height, "width": width}, name


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        (np.zeros(8000), 16000),
        (np.array([0.5]), 16000),
        (NOISE.normal(size=(4000, 8)) * 0.1, 16000),
        (NOISE.normal(size=96000) * 0.1, 192000),
    ],
    ids=["silent", "one sample", "eight channels", "192 kHz"],
)
def test_sounds_of_every_kind_are_read(command, tiny_model_folder, tmp_path, samples, rate):
    heard = sound(tmp_path / "sound.wav", samples, rate=rate)
    assert command("run", "audio_tag", "--audio", heard, "--model", tiny_model_folder).status == 0


def test_an_unknown_task_is_answered_with_its_neighbours(refused):
    assert refused("run", "captoin").startswith("unknown task: got 'captoin'; expected one of caption")


def test_a_missing_input_is_named(refused, picture):
    assert refused("run", "vqa", "--image", picture) == (
        "task 'vqa' needs the input 'text': got image; expected text: a question about the picture"
    )


def test_an_input_the_task_does_not_take_is_named(refused, picture):
    message = refused("run", "caption", "--image", picture, "--text", "hello")
    assert message.startswith("task 'caption' has no input 'text'")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot read"), (b"", "is empty: got 0 bytes"), (b"hello", "cannot decode")],
    ids=["missing", "empty", "broken"],
)
@pytest.mark.parametrize(("task", "flag"), [("caption", "--image"), ("audio_tag", "--audio")])
def test_a_file_that_cannot_be_used_is_refused(refused, tmp_path, content, message, task, flag):
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    assert message in refused("run", task, flag, path)


@pytest.mark.parametrize(
    ("size", "message"),
    [((1, 1), "is too small: got 1 x 1 pixels"), ((20000, 20000), "has too many pixels: got 400,000,000")],
)
def test_a_picture_of_no_use_is_refused(refused, tmp_path, size, message):
    path = tmp_path / "picture.png"
    Image.new("1", size).save(path)
    assert message in refused("run", "caption", "--image", path)


def test_a_sound_that_is_not_made_of_numbers_is_refused(refused, tmp_path):
    heard = sound(tmp_path / "nan.wav", np.full(800, np.nan))
    assert "has samples that are no numbers" in refused("run", "audio_tag", "--audio", heard)


@pytest.mark.parametrize("box", ["0,0,50,50", "-1,0,9,9", "9,9,9,9"])
def test_a_box_outside_the_picture_is_refused(refused, picture, box):
    assert "box" in refused("run", "region_class", "--image", picture, f"--box={box}")


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "", "1,2,3,4,5"])
def test_a_box_that_is_no_box_is_refused(text):
    with pytest.raises(InputError, match=r"bad --box: got .*; expected four numbers y1,x1,y2,x2"):
        parse_box(text)


def test_an_unknown_model_is_refused(refused):
    message = refused("run", "arithmetic", "--text", "1 + 1", "--model", "unio-nona")
    assert message.startswith("unknown model: got 'unio-nona'")


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_done(refused, picture):
    message = refused(
        "run", "caption", "--image", picture, "--out", picture / "answer.png", "--model", "none"
    )
    assert message.startswith(f"cannot write into {picture}")


def test_a_format_the_answer_does_not_have_leaves_no_file(refused, tiny_model_folder, picture, tmp_path):
    out = tmp_path / "new" / "answer.mp3"
    message = refused("run", "caption", "--image", picture, "--out", out, "--model", tiny_model_folder)
    assert message.startswith("cannot save the answer of 'caption' in this format: got '.mp3'")
    assert not out.parent.exists()


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.mp4"
    path.write_bytes(encode(greys(10, step=20)))
    return path


@pytest.mark.parametrize(
    "words",
    [
        ["video_caption"],
        ["video_vqa", "--text", "What happens?"],
        ["video_class"],
        ["track", "--box", "1,2,20,30"],
    ],
)
def test_videos_are_watched(command, tiny_model_folder, video, words):
    assert command("run", *words, "--video", video, "--model", tiny_model_folder, "--json").status == 0


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (["segment_box", "--box", "1,2,20,30"], (40, 60)),
        (["segment_refer", "--text", "the ball"], (40, 60)),
        (["view_synthesis", "--pose=0.1,-0.5,0"], (40, 60)),
        (["inpaint", "--box", "1,2,20,30"], (40, 60)),
        (["controllable_image", "--text", "a ball", "--input", "control=depth"], (40, 60)),
        (["goal_image", "--text", "move the ball"], (40, 60)),
    ],
)
def test_a_picture_in_gives_a_picture_of_its_size(command, tiny_model_folder, picture, tmp_path, words, made):
    out = tmp_path / "made.png"
    outcome = command("run", *words, "--image", picture, "--out", out, "--model", tiny_model_folder)
    assert outcome.status == 0, outcome.err
    with Image.open(out) as opened:
        assert (opened.height, opened.width) == made


@pytest.mark.parametrize(
    "words",
    [
        ["localise", "--text", "ball"],
        ["point", "--text", "the ball"],
        ["cuboid", "--text", "the box"],
        ["pick_place", "--text", "move the ball"],
        ["manipulate", "--text", "grip the ball"],
        ["region_caption", "--box", "1,2,20,30"],
        ["navigate", "--text", "go to the ball"],
    ],
)
def test_answers_about_a_picture_are_drawn_on_it(command, tiny_model_folder, picture, tmp_path, words):
    out = tmp_path / "answer.png"
    outcome = command("run", *words, "--image", picture, "--out", out, "--model", tiny_model_folder)
    assert outcome.status == 0, outcome.err
    assert out.stat().st_size > 0


def test_options_are_scored_and_told_best_first(command, tiny_model_folder, picture):
    words = ["--image", picture, "--choices", "ball; box; cone", "--model", tiny_model_folder]
    outcome = command("run", "classify", *words)
    assert outcome.status == 0, outcome.err
    lines = outcome.out.splitlines()
    scores = [float(line.split()[0]) for line in lines[1:]]
    assert scores == sorted(scores, reverse=True)
    assert lines[0] == lines[1].split()[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--input", "control"], "bad --input: got 'control'; expected NAME=VALUE"),
        (["--input", "text=x"], "'text' has an option of its own: got --input text=x; fix: use --text"),
        (["--input", "colour=red"], "task 'controllable_image' has no input 'colour'"),
    ],
)
def test_other_inputs_are_checked(refused, picture, words, message):
    given = ["controllable_image", "--image", picture, "--text", "a ball"]
    assert refused("run", *given, *words).startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"hello", "cannot decode"), (b"", "is empty"), (None, "cannot read")],
    ids=["text", "empty", "missing"],
)
def test_a_video_that_cannot_be_used_is_refused(refused, tmp_path, content, message):
    path = tmp_path / "video.mp4"
    if content is not None:
        path.write_bytes(content)
    assert message in refused("run", "video_class", "--video", path)


def test_a_video_without_frames_is_refused(refused, tmp_path):
    whole = encode(greys(20), container="matroska")
    path = tmp_path / "video.mkv"
    path.write_bytes(whole[: whole.index(b"\x1f\x43\xb6\x75") + 8])  # behind the id of the first cluster
    assert f"{path} has no frames: got 0 frames" in refused("run", "video_class", "--video", path)


def test_a_video_of_many_frames_is_refused_unless_the_limit_is_raised(refused, tiny_model_folder, tmp_path):
    path = tmp_path / "video.avi"
    path.write_bytes(encode(greys(10_000, height=16, width=16), container="avi", codec="mpeg4", rate=50))
    words = ["run", "video_class", "--video", path, "--model", tiny_model_folder]
    assert "has too many frames: got 10,000; expected at most 9,000; fix: cut a part" in refused(*words)
    told = refused(*words, "--limit", "video.max_frames=10000", "--limit", "video.max_seconds=100")
    assert "is too long: got more than 100 s" in told


def test_a_text_named_as_a_picture_is_refused(refused, tmp_path):
    path = tmp_path / "text.png"
    path.write_text("not a picture at all")
    assert "cannot decode" in refused("run", "caption", "--image", path)


def test_sounds_words_and_pairs_go_in_and_out(command, tiny_model_folder, picture, video, tmp_path):
    heard = sound(tmp_path / "voice.wav", NOISE.normal(size=8000) * 0.1)
    for number, words in enumerate(
        (
            ["video_sound", "--video", video, "--out", tmp_path / "video.wav"],
            ["speak", "--text", "hello", "--out", tmp_path / "voice_out.wav"],
            ["transcribe", "--audio", heard],
            ["instruct", "--text", "Name a fruit."],
            ["choose", "--text", "Which?", "--choices", "a;b"],
            ["choose", "--text", "Which?", "--choices", "a;b", "--image", picture],
            ["optical_flow", "--image", picture, "--image-history", picture, "--out", tmp_path / "flow.npy"],
            ["image_pair_vqa", "--image", picture, "--image-history", picture, "--text", "Both?"],
            ["image_pair_difference", "--image", picture, "--image-history", picture],
        )
    ):
        outcome = command("run", *words, "--model", tiny_model_folder)
        assert outcome.status == 0, (number, outcome.err)
    assert np.load(tmp_path / "flow.npy").shape == (40, 60, 2)
    assert (tmp_path / "video.wav").stat().st_size > 1000


def test_only_what_is_needed_is_loaded(command, tiny_model_folder, picture, video, monkeypatch):
    asked: list[object] = []
    load = unio.infer.load

    def listen(*arguments: object, **options: object) -> object:
        asked.append(options["modalities"])
        return load(*arguments, **options)

    monkeypatch.setattr(unio.infer, "load", listen)
    for words in (
        ["arithmetic", "--text", "2 + 3"],
        ["depth", "--image", picture, "--json", "--out", picture.with_name("depth.png")],
        ["video_class", "--video", video],
    ):
        assert command("run", *words, "--model", tiny_model_folder).status == 0
    assert asked == [[], ["image", "image_target"], ["image", "image_history"]]


def test_precision_device_and_tokenizer_are_taken(command, tiny_model_folder, tmp_path):
    for path in tiny_model_folder.iterdir():
        if path.name != "tokenizer.model":
            (tmp_path / path.name).symlink_to(path)
    words = ["run", "arithmetic", "--text", "2 + 3", "--model", tmp_path, "--device", "cpu"]
    given = ["--dtype", "bfloat16", "--tokenizer", tiny_model_folder]
    outcome = command(*words, *given)
    assert (outcome.status, outcome.err) == (0, "")


def test_a_quantisation_is_taken(refused, tiny_model_folder):
    # The tiny matrices are no whole groups: that it is told shows that the option reached them.
    words = ["run", "arithmetic", "--text", "2 + 3", "--model", tiny_model_folder, "--quantise", "int8"]
    assert "cannot be quantised: got 32 inputs, 48 outputs" in refused(*words)


@pytest.mark.compiled
def test_compiled_decoding_answers_the_same(command, tiny_model_folder):
    words = ["run", "arithmetic", "--text", "2 + 3", "--model", tiny_model_folder]
    plain, compiled = command(*words), command(*words, "--compiled")
    assert (compiled.status, compiled.err) == (0, "")
    assert compiled.out == plain.out


def test_decoding_is_changed_on_top_of_the_models_own(command, tiny_model_folder, tmp_path):
    words = ["run", "image_from_text", "--text", "a red ball", "--model", tiny_model_folder, "--out"]
    for name, options in (
        ("own", []),
        ("same", ["--decode", "top_p=0.95"]),
        ("other", ["--decode", "temperature=0", "--decode", "guidance=0"]),
    ):
        assert command(*words, tmp_path / f"{name}.png", *options).status == 0
    own, same, other = ((tmp_path / f"{name}.png").read_bytes() for name in ("own", "same", "other"))
    assert own == same != other


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--decode", "heat=3"], "--decode: unknown key 'heat': expected one of max_tokens, temperature"),
        (["--decode", "temperature=hot"], "--decode: bad value at 'temperature': got 'hot'"),
        (["--decode", "temperature"], "bad override: got 'temperature'; expected key=value"),
        (["--limit", "image.colours=3"], "--limit: unknown key 'image.colours'"),
        (["--limit", "max_pixels=3"], "--limit: unknown key 'max_pixels': expected one of image, audio, v"),
        (["--limit", "image.max_pixels=100"], "/picture.png has too many pixels: got 40 x 60 = 2,400 pixels"),
    ],
)
def test_bad_settings_are_told_before_the_weights_are_read(refused, picture, words, message):
    told = refused("run", "caption", "--image", picture, "--model", "nowhere", *words)
    assert message in told


def test_limits_can_be_raised(command, refused, tiny_model_folder, tmp_path):
    heard = sound(tmp_path / "wide.wav", NOISE.normal(size=(4000, 9)) * 0.1)
    words = ["run", "audio_tag", "--audio", heard, "--model", tiny_model_folder]
    assert "has too many channels: got 9; expected at most 8" in refused(*words)
    assert command(*words, "--limit", "audio.max_channels=9").status == 0


def test_a_long_sound_is_heard_with_its_history_or_told(command, refused, tiny_model_folder, tmp_path):
    heard = sound(tmp_path / "long.wav", NOISE.normal(size=16000) * 0.1)
    words = ["run", "audio_tag", "--model", tiny_model_folder, "--audio"]
    assert command(*words, heard).status == 0
    told = refused(*words, sound(tmp_path / "endless.wav", NOISE.normal(size=64000) * 0.1))
    assert told.startswith("the sound is longer than the model hears: got 8 segments of 0.50 s; expected at")


def test_a_form_too_long_for_a_small_model_is_told(refused, tiny_model_folder, picture):
    words = ["keypoints", "--image", picture, "--box", "1,2,30,50", "--model", tiny_model_folder]
    assert refused("run", *words).startswith("a form longer than a text can be: got ")
