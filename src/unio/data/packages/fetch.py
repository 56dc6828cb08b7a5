"""`fetch`: a package's data as a folder that its builders open; the whole folder or nothing."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from unio.core import InputError
from unio.data.packages.archive import check_digest, read_archive
from unio.data.packages.managers import download
from unio.data.packages.package import Package

__all__ = ["FetchedPackage", "fetch"]


@dataclass(frozen=True, kw_only=True)
class FetchedPackage:
    """Where it lies, and rows of each of its tables."""

    folder: Path
    counts: dict[str, int]


def fetch(package: Package, folder: Path, *, archive: Path | None = None) -> FetchedPackage:
    """Download a package (or take its ``archive``) and lay its data out in ``folder``.

    ``folder`` must not exist yet: it is made under another name beside it and renamed when it is whole, so
    one that is there is complete. Raises ``InputError`` for a folder that is there or cannot be written, and
    as `download`, `read_archive` and the package's ``lay_out`` do.
    """
    if folder.exists():
        raise InputError(f"{folder} is there already", fix="use it, or remove it to fetch it again")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise InputError(f"cannot write {folder}", got=error.strerror, expected="a place for it") from error
    try:
        (work / "archive").mkdir()
        (work / "data").mkdir(mode=0o755)
        path = download(package, work / "archive") if archive is None else archive
        if package.sha512 is not None and path.is_file():
            check_digest(path, package.sha512)
        files = read_archive(path, is_data=package.is_data, max_bytes=package.max_bytes)
        counts = package.lay_out(files, work / "data")
        (work / "data").rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return FetchedPackage(folder=folder, counts=counts)
