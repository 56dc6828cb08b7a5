import io
import zipfile

import pytest
from data.packages.packed import furniture_catalogue

from unio.core import InputError
from unio.data.packages.sweet_home import catalogue as module
from unio.data.packages.sweet_home.catalogue import open_catalogue


def test_entries_are_read_with_their_defaults():
    opened = open_catalogue(furniture_catalogue(), name="Small.sh3f")
    chair, stand = opened.entries
    assert chair.rotation.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert stand.rotation.tolist() == [[0, 0, 1], [0, 1, 0], [-1, 0, 0]]
    assert (chair.elevation, chair.is_door_or_window, chair.key) == (0, False, "Small#chair")
    assert opened.file("small/none.obj") is None


def test_what_hangs_and_what_is_a_window_is_known():
    told = "id#3=a\nname#3=Sink\\u00e9\ncategory#3=b\nmodel#3=c\nwidth#3=1\ndepth#3=1\nheight#3=1\n"
    told += "elevation#3=115\ndoorOrWindow#3=true"
    (entry,) = open_catalogue(furniture_catalogue(told), name="Small.sh3f").entries
    assert entry.name == "Sinké"
    assert entry.elevation == pytest.approx(1.15)
    assert entry.is_door_or_window


def test_a_file_too_large_or_damaged_is_told(monkeypatch):
    content = bytearray(furniture_catalogue())
    opened = open_catalogue(bytes(content), name="Small.sh3f")
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    with pytest.raises(InputError, match=r"small/tv/tv\.obj is too large: got \d+ bytes; expected 10"):
        opened.file("small/tv/tv.obj")
    monkeypatch.undo()
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as packed:
        start = packed.getinfo("small/tv/tv.obj").header_offset
    content[start + 60 : start + 90] = b"\xff" * 30
    damaged = open_catalogue(bytes(content), name="Small.sh3f")
    with pytest.raises(InputError, match=r"small/tv/tv\.obj is broken"):
        damaged.file("small/tv/tv.obj")
