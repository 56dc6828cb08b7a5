"""Where each sample's members lie in a tar file, from its headers alone: nothing is unpacked or run."""

import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from unio.core import InputError

__all__ = ["TarSample", "index_tar", "read_member"]

MAX_MEMBER_BYTES = 1 << 30


@dataclass(frozen=True, kw_only=True)
class TarSample:
    """One sample: its key, and suffix -> (offset, size) of the member's bytes in the tar."""

    path: Path
    key: str
    members: Mapping[str, tuple[int, int]]


def index_tar(path: Path) -> list[TarSample]:
    """The samples of an uncompressed tar, in order: members that share all of a name up to its first dot.

    Raises ``InputError`` for a file that is no tar, or a member that is no plain file inside it: a link, a
    device, an absolute name, or one with ``..``.

    Example: ``0001.jpg 0001.txt 0002.jpg 0002.txt`` are two samples of ``jpg`` and ``txt``.
    """
    samples: dict[str, dict[str, tuple[int, int]]] = {}
    try:
        # The mode "r:" reads plain tars only, by seeking from header to header.
        with tarfile.open(path, mode="r:") as tar:
            for member in tar:
                if member.isdir():
                    continue
                _check_member(path, member)
                pure = PurePosixPath(member.name)
                stem, _, suffix = pure.name.partition(".")
                if not stem or not suffix:
                    continue  # hidden files and files without kind belong to no sample
                key = (pure.parent / stem).as_posix()
                samples.setdefault(key, {})[suffix.lower()] = (member.offset_data, member.size)
    except tarfile.TarError as error:
        raise InputError(
            f"{path.name} is no plain tar", got=str(error)[:100], expected="an uncompressed .tar"
        ) from error
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror or str(error)[:100]) from error
    return [TarSample(path=path, key=key, members=members) for key, members in samples.items()]


def read_member(sample: TarSample, suffix: str) -> bytes:
    """The bytes of a sample's member. Raises ``InputError`` where it has none, or the tar breaks off."""
    if suffix not in sample.members:
        raise InputError(f"sample {sample.key} has no .{suffix}", got=", ".join(sample.members))
    offset, size = sample.members[suffix]
    with sample.path.open("rb") as file:
        file.seek(offset)
        raw = file.read(size)
    if len(raw) != size:
        raise InputError(
            f"{sample.path.name} breaks off in {sample.key}.{suffix}", got=f"{len(raw)} of {size} bytes"
        )
    return raw


def _check_member(path: Path, member: tarfile.TarInfo) -> None:
    pure = PurePosixPath(member.name)
    if not member.isreg():
        raise InputError(
            f"{path.name} holds what is no plain file", got=repr(member.name), expected="files only"
        )
    if pure.is_absolute() or ".." in pure.parts:
        raise InputError(f"{path.name} holds a name that leads out of it", got=repr(member.name))
    if member.size > MAX_MEMBER_BYTES:
        raise InputError(f"{path.name}: {member.name} is too large", got=f"{member.size:,} bytes")
