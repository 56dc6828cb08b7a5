from pathlib import Path

import pytest

from unio.core import InputError
from unio.media.source import read_source


def test_files_and_bytes_are_read(tmp_path: Path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    assert read_source(path, kind="sound", max_bytes=3) == (b"abc", str(path))
    assert read_source(str(path), kind="sound", max_bytes=3) == (b"abc", str(path))
    assert read_source(b"abc", kind="sound", max_bytes=3) == (b"abc", "the given sound")


def test_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"cannot read .*gone.png: got No such file or directory"):
        read_source(tmp_path / "gone.png", kind="picture", max_bytes=3)


def test_folder_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"cannot read .*: got Is a directory; expected a picture file"):
        read_source(tmp_path, kind="picture", max_bytes=3)


def test_empty_file_is_refused(tmp_path: Path):
    path = tmp_path / "empty.wav"
    path.touch()
    with pytest.raises(InputError, match=r"empty.wav is empty: got 0 bytes; expected a sound file"):
        read_source(path, kind="sound", max_bytes=3)


def test_too_many_bytes_are_refused():
    with pytest.raises(InputError, match=r"picture is too large: got more than 3 bytes; .*max_bytes"):
        read_source(b"abcd", kind="picture", max_bytes=3)
