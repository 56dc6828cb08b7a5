import hashlib

import pytest
from data.packages.packed import deb_of, tar_of

from unio.core import InputError
from unio.data.packages import archive
from unio.data.packages.archive import check_digest, read_archive


def wanted(name):
    return name.endswith(".txt")


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("suffix", [".tgz", ".deb"])
def test_wanted_files_are_read_and_links_passed_over(tmp_path, suffix):
    packed = tar_of({"./a.txt": b"one", "b/c.txt": b"two", "d.js": b"no"}, links=[("e.txt", "/etc/passwd")])
    if suffix == ".deb":
        packed = deb_of({"debian-binary": b"2.0\n", "control.tar.gz": b"odd", "data.tar.gz": packed})
    path = write(tmp_path, f"p{suffix}", packed)
    assert read_archive(path, is_data=wanted, max_bytes=6) == {"a.txt": b"one", "b/c.txt": b"two"}


def test_more_than_is_allowed_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path, "p.tgz", tar_of({"a.txt": b"one", "b.txt": b"two"}))
    with pytest.raises(InputError, match=r"p\.tgz holds too much: expected at most 5 bytes"):
        read_archive(path, is_data=wanted, max_bytes=5)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 1)
    with pytest.raises(InputError, match=r"p\.tgz has too many files: expected at most 1"):
        read_archive(path, is_data=wanted, max_bytes=99)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.tgz", b"no tar at all", r"p\.tgz is broken: .*expected a \.tgz or \.deb"),
        ("p.tgz", tar_of({"a.txt": bytes(range(256)) * 40})[:-60], r"p\.tgz is broken"),
        ("p.deb", b"no ar", r"p\.deb is broken: got no ar archive"),
        ("p.deb", deb_of({"debian-binary": b"2.0\n"}), r"p\.deb is broken: got no data\.tar in it"),
        ("p.deb", b"!<arch>\n" + b"x" * 60, r"p\.deb is broken: got no data\.tar in it"),
        ("p.deb", deb_of({"data.tar.zst": b"x"}), r"p\.deb is packed with zstd: .*xz or gz"),
    ],
)
def test_broken_archives_are_told(tmp_path, name, content, message):
    with pytest.raises(InputError, match=message):
        read_archive(write(tmp_path, name, content), is_data=wanted, max_bytes=99_999)


def test_a_missing_archive_is_told(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*none\.tgz: got No such file"):
        read_archive(tmp_path / "none.tgz", is_data=wanted, max_bytes=9)


def test_a_digest_tells_another_file(tmp_path):
    path = write(tmp_path, "p.tgz", b"right")
    check_digest(path, hashlib.sha512(b"right").hexdigest())
    with pytest.raises(InputError, match=r"p\.tgz is not the archive that unio knows: got sha512 .*again"):
        check_digest(path, hashlib.sha512(b"wrong").hexdigest())
