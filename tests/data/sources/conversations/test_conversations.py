import base64
import json

import numpy as np
import pytest

from unio.core import ConfigError, InputError
from unio.data.sources.conversations import Conversations, find_problems
from unio.data.sources.conversations.line import read_conversation
from unio.media import encode_image

ASK = {"role": "user", "content": "<image>What colour is the wall?"}
TELL = {"role": "assistant", "content": "Red."}
LINE = {"messages": [ASK, TELL], "images": ["a.png"]}


@pytest.fixture
def opened(folder):
    """``opened(line, ..)``: a reader of these lines, beside two pictures, a mask and a sound."""
    folder.picture("a.png")
    folder.picture("b.png", colour=(0, 0, 250))
    folder.picture("mask.png", colour=(255, 255, 255))
    folder.sound("s.wav")

    def write(*lines, **settings):
        folder.text("train.jsonl", "\n".join(json.dumps(line) for line in lines))
        return Conversations(kind="conversations", files=("train.jsonl",), **settings).open(folder.path)

    return write


def test_a_place_becomes_the_piece_of_its_stream(opened, record):
    made = record(opened(LINE), "converse")
    assert made["prompt"] == "<image_input>What colour is the wall?"
    assert made["answer"] == "Red."
    assert made["image"].shape == (20, 30, 3)


def test_sharegpt_and_openai_mean_the_same(opened, record, tmp_path):
    sharegpt = {
        "conversations": [{"from": "human", "value": ASK["content"]}, {"from": "gpt", "value": "Red."}],
        "image": "a.png",
    }
    address = "data:image/png;base64," + base64.b64encode((tmp_path / "a.png").read_bytes()).decode()
    parts = [
        {"type": "image_url", "image_url": {"url": address}},
        {"type": "text", "text": ASK["content"][7:]},
    ]
    openai = {"messages": [{"role": "user", "content": parts}, TELL]}
    reader = opened(LINE, sharegpt, openai)
    first, *others = (record(reader, "converse", number) for number in range(3))
    for other in others:
        assert (other["prompt"], other["answer"]) == (first["prompt"], first["answer"])
        assert np.array_equal(other["image"], first["image"])


def test_every_answer_is_an_example_of_what_was_said_before(opened, record):
    more = [{"role": "user", "content": "And <image>?"}, {"role": "assistant", "content": "Blue."}]
    reader = opened({"messages": [ASK, TELL, *more], "images": ["a.png", "b.png"]})
    assert reader.count("converse") == 2
    second = record(reader, "converse", 1)
    assert second["prompt"] == (
        "User: <image_history_1>What colour is the wall?\nAssistant: Red.\nUser: And <image_input>?"
    )
    assert len(second["image_history"]) == 1
    assert second["image"][0, 0].tolist() == [0, 0, 250]


def test_only_the_last_five_pictures_are_kept(opened, record):
    reader = opened(
        {"messages": [{"role": "user", "content": "<image>" * 6 + "?"}, TELL], "images": ["a.png"] * 6}
    )
    made = record(reader, "converse")
    assert made["prompt"].startswith("<image_history_1><image_history_2>")
    assert made["prompt"].endswith("<image_history_4><image_input>?")
    assert len(made["image_history"]) == 4


def test_media_too_early_to_be_kept_are_not_opened(opened, record):
    ask = {"role": "user", "content": "<image>" * 7 + "<audio>" * 6 + "?"}
    images = ["gone.png", "gone.png", *["a.png"] * 5]
    made = record(
        opened({"messages": [ask, TELL], "images": images, "audios": ["gone.wav", *["s.wav"] * 5]}),
        "converse",
    )
    assert len(made["image_history"]) == len(made["audio_history"]) == 4
    with pytest.raises(InputError, match=r"gone\.png"):
        record(opened({"messages": [ask, TELL], "images": images[::-1], "audios": ["s.wav"] * 6}), "converse")


def test_pictures_and_sounds_are_answered(opened, record):
    draw = {
        "messages": [ASK, {"role": "assistant", "content": "Here: <image>"}],
        "images": ["a.png", "b.png"],
    }
    sing = {"messages": [{"role": "user", "content": "Hum."}, {"role": "assistant", "content": "<audio>"}]}
    reader = opened(draw, sing | {"audios": ["s.wav"]})
    assert record(reader, "converse_image")["answer"][0, 0].tolist() == [0, 0, 250]
    assert record(reader, "converse_audio")["answer"].rate == 16000


def test_names_and_boxes_fill_their_places(opened, record):
    line = {
        "messages": [
            {"role": "user", "content": "<image>Where is <ref-object>?"},
            {"role": "assistant", "content": "<bbox>"},
        ],
        "images": ["a.png"],
        "objects": {"ref": ["the wall"], "bbox": [[0, 0, 30, 20]]},
    }
    made = record(opened(line), "converse")
    assert made["prompt"] == "<image_input>Where is the wall?"
    assert made["answer"].count("<extra_id_") == 4
    made = record(opened(line | {"task": "refer"}), "refer")
    assert made["expression"] == "the wall"
    assert made["box"].tolist() == [0, 0, 20, 30]


FAMILY_LINES = [
    ("caption", {}, "caption", "Red."),
    ("vqa", {}, "question", "What colour is the wall?"),
    ("tag", {}, "tags", ("Red.",)),
    ("detect", {"ref": ["wall"], "bbox": [[1, 2, 3, 4]]}, "labels", ("wall",)),
    ("localise", {"ref": ["wall"], "bbox": [[1, 2, 3, 4]]}, "name", "wall"),
    ("region_class", {"bbox": [[1, 2, 3, 4]]}, "label", "Red."),
    ("region_caption", {"bbox": [[1, 2, 3, 4]]}, "facts", ("red",)),
]


@pytest.mark.parametrize(("task", "objects", "field", "value"), FAMILY_LINES)
def test_a_named_family_gets_its_record(opened, record, task, objects, field, value):
    from unio.data.tasks import TASKS

    if task not in TASKS:
        pytest.skip(f"{task} is not registered")
    assert record(opened(LINE | {"objects": objects, "task": task}), task)[field] == value


def test_masks_are_pictures_or_run_lengths(opened, record):
    counts = {"size": [20, 30], "counts": [20, 40, 540]}
    for mask, area in (("mask.png", 600), (counts, 40)):
        line = LINE | {"objects": {"ref": ["wall"], "mask": [mask]}, "task": "segment"}
        assert record(opened(line), "segment")["mask"].sum() == area


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": []}, "1 places <image> for 0 images: expected as many"),
        ({"audios": ["s.wav"]}, "0 places <audio> for 1 audios"),
        ({"messages": [ASK]}, "a conversation without answer"),
        ({"messages": [{"role": "robot", "content": "x"}, TELL]}, "unknown role: got 'robot'"),
        ({"messages": [{"role": "user", "content": 5}, TELL]}, "bad content: got int"),
        ({"messages": ["x", TELL]}, "bad turn: got 'x'"),
        ({"messages": None, "conversations": [{"from": "human"}]}, "bad turn"),
        ({"messages": [{"role": "user", "content": [{"type": "smell"}]}, TELL]}, "unknown content part"),
        ({"messages": None}, "no conversation: got messages, images"),
        ({"objects": [1]}, "bad objects: got list"),
        ({"objects": {"boxes": []}}, "unknown kind of object: got 'boxes'"),
        ({"objects": {"ref": "x"}}, "objects.ref is no list"),
        ({"task": "cook"}, "unknown task: got 'cook'"),
        ({"task": "sort"}, "conversations are not read as 'sort'"),
    ],
)
def test_a_bad_line_is_told_with_its_number(opened, change, message):
    with pytest.raises((InputError, ConfigError), match=rf"train.jsonl line 2: ({message})"):
        opened(LINE, LINE | change)
    assert opened(LINE, LINE | change, broken="skip").count("converse") == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": ["none.png"]}, "cannot read"),
        ({"images": ["../a.png"]}, "leads out of"),
        ({"objects": {"bbox": [[0, 0, 99, 99]]}, "task": "refer"}, "box"),
        ({"objects": {"bbox": [["x"]]}, "task": "refer"}, "bad box"),
        ({"task": "refer"}, "the family needs a box in objects.bbox"),
        ({"task": "image_edit"}, "the family needs a picture in the answer"),
        ({"objects": {"mask": ["mask.png"]}, "images": ["tall.png"], "task": "segment"}, "differ in size"),
        ({"messages": [ASK, {"role": "assistant", "content": " "}]}, "an empty answer"),
    ],
)
def test_check_lists_every_unusable_line(opened, folder, change, message):
    folder.picture("tall.png", height=40)
    opened(LINE, LINE | change, LINE)
    (problem,) = find_problems(folder.path / "train.jsonl")
    assert problem.place == "train.jsonl line 2"
    assert message in problem.reason


def test_an_answer_of_two_pictures_or_a_video_is_told(opened):
    two = {"messages": [ASK, {"role": "assistant", "content": "<image><image>"}], "images": ["a.png"] * 3}
    with pytest.raises(InputError, match="an answer is words, one picture or one sound: got <image> <image>"):
        opened(two)


def test_bad_base64_is_told():
    parts = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,@@@"}}]
    with pytest.raises(InputError, match="a medium is not valid base64"):
        read_conversation({"messages": [{"role": "user", "content": parts}, TELL]})


def test_input_audio_parts_are_base64(opened, record, tmp_path):
    opened(LINE)
    data = base64.b64encode((tmp_path / "s.wav").read_bytes()).decode()
    parts = [
        {"type": "input_audio", "input_audio": {"data": data, "format": "wav"}},
        {"type": "text", "text": "?"},
    ]
    made = record(opened({"messages": [{"role": "user", "content": parts}, TELL]}), "converse")
    assert made["prompt"] == "<audio_input>?"
    assert made["audio"].rate == 16000


def test_pictures_in_bytes_come_from_parquet(tmp_path, record):
    import pyarrow as pa
    import pyarrow.parquet as pq

    png = encode_image(np.zeros((4, 5, 3), np.uint8), suffix=".png")
    pq.write_table(pa.Table.from_pylist([LINE | {"images": [{"bytes": png}]}]), tmp_path / "a.parquet")
    reader = Conversations(kind="conversations", files=("a.parquet",)).open(tmp_path)
    assert record(reader, "converse")["image"].shape == (4, 5, 3)
