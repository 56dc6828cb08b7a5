import dataclasses
import hashlib

import pytest
from data.packages.packed import stamp_deb

from unio.core import ConfigError, InputError
from unio.data.packages import DEMONSTRATIONS, PACKAGES, demonstrate, fetch

STAMPS = PACKAGES.get("tux_paint")


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "stamps.deb"
    path.write_bytes(stamp_deb())
    return path


def test_the_folder_is_whole(archive, tmp_path):
    fetched = fetch(STAMPS, tmp_path / "data" / "stamps", archive=archive)
    assert fetched.folder == tmp_path / "data" / "stamps"
    assert fetched.counts == {
        "pictures-train": 2,
        "pictures-test": 0,
        "sounds-train": 3,
        "sounds-test": 0,
    }
    assert {path.name for path in fetched.folder.parent.iterdir()} == {"stamps"}
    assert archive.exists()


def test_nothing_is_left_of_a_failure(archive, tmp_path):
    archive.write_bytes(b"broken")
    with pytest.raises(InputError, match=r"stamps\.deb is broken"):
        fetch(STAMPS, tmp_path / "data" / "stamps", archive=archive)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_folder_that_is_there_is_kept(archive, tmp_path):
    with pytest.raises(InputError, match=r"is there already: fix: use it, or remove it"):
        fetch(STAMPS, tmp_path, archive=archive)


def test_a_place_that_cannot_be_written_is_told(archive, tmp_path):
    with pytest.raises(InputError, match=r"cannot write .*expected a place for it"):
        fetch(STAMPS, archive / "below", archive=archive)


def test_a_fixed_version_is_checked(archive, tmp_path):
    right = hashlib.sha512(archive.read_bytes()).hexdigest()
    assert fetch(dataclasses.replace(STAMPS, sha512=right), tmp_path / "a", archive=archive).counts
    with pytest.raises(InputError, match="not the archive that unio knows"):
        fetch(dataclasses.replace(STAMPS, sha512="0" * 128), tmp_path / "b", archive=archive)


def test_packages_are_known_by_name_and_origin():
    assert PACKAGES.names() == ["openmoji", "tux_paint", "sweet_home"]
    assert [package.origin for package in PACKAGES] == [
        "npm openmoji 17.0.0",
        "apt tuxpaint-stamps-default",
        "apt sweethome3d-furniture",
    ]
    assert not set(PACKAGES.names()) & set(DEMONSTRATIONS.names())
    assert DEMONSTRATIONS.get("babyai").origin == "made by minigrid, the extra babyai"
    with pytest.raises(ConfigError, match=r"unknown package: got 'openmojy'; expected one of openmoji"):
        PACKAGES.get("openmojy")


def test_demonstrations_are_whole_and_as_many_as_asked_for(tmp_path):
    def lay_out(folder, count):
        (folder / "steps").write_text("x" * count)
        return {"steps": count}

    made = dataclasses.replace(DEMONSTRATIONS.get("babyai"), count=3, lay_out=lay_out)
    assert demonstrate(made, tmp_path / "a").counts == {"steps": 3}
    fetched = demonstrate(made, tmp_path / "b", count=5)
    assert (fetched.folder / "steps").read_text() == "xxxxx"
    assert fetched.builders == ("babyai",)
    with pytest.raises(InputError, match="is there already"):
        demonstrate(made, tmp_path / "b")
