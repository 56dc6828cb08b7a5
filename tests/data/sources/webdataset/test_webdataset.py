import io
import pickle
import tarfile

import numpy as np
import pytest

from unio.core import InputError
from unio.data.sources.split_text import split_text
from unio.data.sources.webdataset import WebDataset
from unio.data.sources.webdataset.shards import expand_braces
from unio.data.sources.webdataset.tar_index import index_tar, read_member
from unio.media import encode_audio, encode_image
from unio.schema import Waveform

RED = encode_image(np.full((8, 9, 3), (250, 0, 0), np.uint8), suffix=".png")
SOUND = encode_audio(Waveform(samples=np.zeros(1600, np.float32), rate=16000), suffix=".wav")


def write_tar(path, members):
    with tarfile.open(path, "w") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


@pytest.fixture
def shards(tmp_path):
    for shard in range(2):
        members = []
        for number in range(3):
            key = f"{shard:02d}{number}"
            members += [(f"{key}.png", RED), (f"{key}.txt", f"red {key}".encode()), (f"{key}.cls", b"1")]
        members += [("trap.pyd", pickle.dumps(Trap())), (".hidden", b"")]
        write_tar(tmp_path / f"train-{shard:04d}.tar", members)
    return tmp_path


def test_members_of_one_name_are_a_sample(shards, record):
    reader = WebDataset(kind="webdataset", shards="train-{0000..0001}.tar").open(shards)
    assert set(reader.tasks) == {"caption", "image_from_text"}
    assert reader.count("caption") == 6
    assert reader.shelf("caption").sizes == (3, 3)
    assert record(reader, "caption", 4)["caption"] == "red 011"
    assert record(reader, "image_from_text", 0)["colours"] == ("red",)


def test_class_numbers_need_names(shards, record):
    config = WebDataset(kind="webdataset", shards="train-*.tar", classes=("cat", "dog"))
    reader = config.open(shards)
    assert record(reader, "classify")["label"] == "dog"
    assert record(reader, "tag")["tags"] == ("dog",)
    with pytest.raises(InputError, match="sample 000: unknown class: got b'1'; expected 0 to 0"):
        record(config.model_copy(update={"classes": ("cat",)}).open(shards), "tag")


def test_sounds_and_texts(tmp_path, record):
    write_tar(
        tmp_path / "a.tar",
        [("x/1.wav", SOUND), ("x/1.json", b'{"c": "a  hum"}'), ("2.txt", b"one two three")],
    )
    reader = WebDataset(kind="webdataset", shards="a.tar", caption_field="c").open(tmp_path)
    assert record(reader, "audio_caption")["caption"] == "a hum"
    assert record(reader, "audio_from_text")["description"] == "a hum"
    texts = WebDataset(kind="webdataset", shards="a.tar").open(tmp_path)
    made = record(texts, "continue_text")
    assert f"{made['text']} {made['continuation']}" == "one two three"
    with pytest.raises(InputError, match="a text of a single word"):
        split_text("word", np.random.default_rng(0))


@pytest.mark.parametrize(
    ("text", "message"), [(b"\xff", "without readable text"), (b" ", "with an empty text")]
)
def test_a_bad_text_is_told(tmp_path, record, text, message):
    write_tar(tmp_path / "a.tar", [("1.png", RED), ("1.txt", text)])
    with pytest.raises(InputError, match=rf"a.tar, sample 1: a sample {message}"):
        record(WebDataset(kind="webdataset", shards="a.tar").open(tmp_path), "caption")


@pytest.mark.parametrize("shards", ["pipe:curl x", "http://host/a.tar", "/etc/a.tar", "../a.tar"])
def test_shards_are_files_of_the_folder(tmp_path, shards):
    with pytest.raises(InputError, match="a pattern leads out of the data set's folder"):
        WebDataset(kind="webdataset", shards=shards).open(tmp_path)


def test_a_missing_shard_is_told(shards):
    with pytest.raises(InputError, match=r"has no train-0002.tar"):
        WebDataset(kind="webdataset", shards="train-{0000..0002}.tar").open(shards)
    with pytest.raises(InputError, match="bad range of shards"):
        expand_braces("a-{3..1}.tar")
    assert expand_braces("{0..1}/{08..09}") == ["0/08", "0/09", "1/08", "1/09"]


def test_links_and_names_that_lead_out_are_refused(tmp_path):
    with tarfile.open(tmp_path / "link.tar", "w") as tar:
        info = tarfile.TarInfo("1.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(InputError, match=r"holds what is no plain file: got '1.txt'"):
        index_tar(tmp_path / "link.tar")
    write_tar(tmp_path / "out.tar", [("../1.txt", b"x")])
    with pytest.raises(InputError, match="holds a name that leads out of it"):
        index_tar(tmp_path / "out.tar")


def test_a_broken_tar_is_told(tmp_path):
    (tmp_path / "a.tar").write_bytes(b"no tar at all" * 99)
    with pytest.raises(InputError, match=r"a.tar is no plain tar"):
        index_tar(tmp_path / "a.tar")
    with pytest.raises(InputError, match="cannot read"):
        index_tar(tmp_path / "none.tar")
    write_tar(tmp_path / "b.tar", [("1.txt", b"x" * 5000)])
    (sample,) = index_tar(tmp_path / "b.tar")
    with pytest.raises(InputError, match=r"sample 1 has no .png: got txt"):
        read_member(sample, "png")
    (tmp_path / "b.tar").write_bytes((tmp_path / "b.tar").read_bytes()[:700])
    with pytest.raises(InputError, match=r"b.tar breaks off in 1.txt"):
        read_member(sample, "txt")
