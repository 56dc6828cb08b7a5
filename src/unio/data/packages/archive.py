"""Files of a package's archive, read and never unpacked: npm's ``.tgz`` and Debian's ``.deb``.

A ``.deb`` is an ``ar`` archive (deb(5)) of ``debian-binary``, ``control.tar.*`` and ``data.tar.*``; ar(5)
gives every member a header of 60 bytes, with its name in the first 16 and its size in decimal in bytes 48 to
58, and pads it to an even length. Scripts that a package brings are neither looked at nor run.
"""

import hashlib
import lzma
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from unio.core import InputError

__all__ = ["MAX_MEMBERS", "check_digest", "read_archive"]

MAX_MEMBERS = 200_000
"""More files than any package that is known here has."""

AR_MAGIC = b"!<arch>\n"
AR_HEADER = 60
AR_SIZE = slice(48, 58)


def check_digest(path: Path, sha512: str) -> None:
    """Compare a file with a digest in hexadecimal. Raises ``InputError`` where it is another file."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha512").hexdigest()
    if found != sha512:
        raise InputError(
            f"{path.name} is not the archive that unio knows",
            got=f"sha512 {found[:16]}..",
            expected=f"{sha512[:16]}..",
            fix="download it again",
        )


def read_archive(path: Path, *, is_data: Callable[[str], bool], max_bytes: int) -> dict[str, bytes]:
    """The files of a ``.tgz`` or ``.deb`` whose names ``is_data`` wants; links and all else are passed over.

    Names have no leading ``./``. Raises ``InputError`` for a missing, broken or oversized archive.
    """
    try:
        with path.open("rb") as file:
            if path.suffix == ".deb":
                _seek_data(file, path.name)
            with tarfile.open(fileobj=file, mode="r|*") as tar:
                return _read_members(tar, path.name, is_data=is_data, max_bytes=max_bytes)
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror or str(error)[:100]) from error
    except (tarfile.TarError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise InputError(
            f"{path.name} is broken", got=str(error)[:100], expected="a .tgz or .deb", fix="download it again"
        ) from error


def _read_members(
    tar: tarfile.TarFile, name: str, *, is_data: Callable[[str], bool], max_bytes: int
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for count, member in enumerate(tar, start=1):
        if count > MAX_MEMBERS:
            raise InputError(f"{name} has too many files", expected=f"at most {MAX_MEMBERS:,}")
        inner = member.name.removeprefix("./")
        if not member.isfile() or not is_data(inner):
            continue
        total += member.size
        if total > max_bytes:
            raise InputError(f"{name} holds too much", expected=f"at most {max_bytes:,} bytes of data")
        content = tar.extractfile(member)
        assert content is not None, "a regular file has content"
        files[inner] = content.read()
    return files


def _seek_data(file: IO[bytes], name: str) -> None:
    """Go to where ``data.tar.*`` begins in a ``.deb``."""
    if file.read(len(AR_MAGIC)) != AR_MAGIC:
        raise InputError(f"{name} is broken", got="no ar archive", expected="a .deb", fix="download it again")
    while len(header := file.read(AR_HEADER)) == AR_HEADER:
        member, size = header[:16].rstrip(b" /"), header[AR_SIZE].strip()
        if member.startswith(b"data.tar"):
            if member.endswith(b".zst"):
                raise InputError(f"{name} is packed with zstd", expected="xz or gz, as Debian packs")
            return
        if not size.isdigit():
            break
        file.seek(int(size) + int(size) % 2, 1)
    raise InputError(f"{name} is broken", got="no data.tar in it", expected="a .deb", fix="download it again")
