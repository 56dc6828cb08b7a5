import pytest

from unio.core import InputError
from unio.data.sources.audio_table import AudioTable

AUDIOCAPS = AudioTable(
    kind="audio_table",
    table="train.csv",
    audio="audio",
    file="{youtube_id}.wav",
    captions=("caption",),
    seconds=1.0,
)


@pytest.fixture
def layout(folder):
    folder.sound("audio/low.wav", pitch=200, seconds=1.5)
    folder.sound("audio/high.wav", pitch=3000)
    rows = "audiocap_id,youtube_id,start_time,caption\n1,low,0,A deep hum\n2,high,30,A  shrill whistle\n"
    folder.text("train.csv", rows)
    return folder


def test_audiocaps(layout, record):
    reader = AUDIOCAPS.open(layout.path)
    made = record(reader, "audio_caption", 1)
    assert (made["caption"], made["facts"]) == ("A shrill whistle", ("shrill", "whistle"))
    assert len(record(reader, "audio_caption", 0)["audio"].samples) == 16000


def test_the_judge_tells_the_true_sound_from_another(layout, record):
    reader = AUDIOCAPS.open(layout.path)
    low, high = record(reader, "audio_from_text", 0), record(reader, "audio_from_text", 1)
    assert low["judge"](low["sound"]) == low["label"]
    assert low["judge"](high["sound"]) != low["label"]


def test_clotho_has_five_captions_and_a_split(folder, record):
    folder.sound("clips/a b.wav")
    folder.text("clotho.csv", "file_name,caption_1,caption_2,split\na b.wav,One.,Two.,dev\nc.wav,x,y,test\n")
    config = AudioTable(
        kind="audio_table",
        table="clotho.csv",
        audio="clips",
        file="{file_name}",
        captions=("caption_1", "caption_2"),
        keep={"split": "dev"},
    )
    reader = config.open(folder.path)
    assert reader.count("audio_caption") == 1
    assert {record(reader, "audio_caption", seed=s)["caption"] for s in range(8)} == {"One.", "Two."}


def test_labels_and_transcripts(folder, record):
    folder.sound("wavs/1.wav", pitch=300)
    folder.sound("wavs/2.wav", pitch=2000)
    folder.text("list.csv", "id|words|class\n1|hello there|Speech\n2|good bye|Speech\n")
    table = {
        "kind": "audio_table",
        "table": "list.csv",
        "delimiter": "|",
        "audio": "wavs",
        "file": "{id}.wav",
    }
    spoken = AudioTable(**table, transcript="words").open(folder.path)
    assert record(spoken, "transcribe", 1)["transcript"] == "good bye"
    said = record(spoken, "speak", 0)
    assert said["judge"](said["sound"]) == "hello there"
    assert record(AudioTable(**table, labels=("class",)).open(folder.path), "audio_tag")["tags"] == (
        "speech",
    )


def test_faults_are_told(layout, record):
    change = AUDIOCAPS.model_copy
    with pytest.raises(InputError, match=r"train.csv: nothing to read"):
        change(update={"captions": ()}).open(layout.path)
    with pytest.raises(InputError, match="bad pattern for the sounds' files"):
        change(update={"file": "{name}.wav"}).open(layout.path)
    with pytest.raises(InputError, match="leads out of"):
        change(update={"file": "../{youtube_id}.wav"}).open(layout.path)
    layout.text("train.csv", "youtube_id,caption\nlow, \nnone,A dog\n")
    with pytest.raises(InputError, match=r"train.csv line 2: a sound without caption"):
        record(AUDIOCAPS.open(layout.path), "audio_caption", 0)
    with pytest.raises(InputError, match=r"train.csv line 3: cannot read .*none.wav"):
        record(AUDIOCAPS.open(layout.path), "audio_caption", 1)
    layout.text("train.csv", "youtube_id,class\nlow,\n")
    with pytest.raises(InputError, match="line 2: a sound without label"):
        record(change(update={"captions": (), "labels": ("class",)}).open(layout.path), "audio_tag")
