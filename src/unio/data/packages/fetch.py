"""`fetch` and `demonstrate`: data as a folder that its builders open; the whole folder or nothing."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from unio.data.packages.archive import check_digest, read_archive
from unio.data.packages.demonstrations import Demonstrations
from unio.data.packages.managers import download
from unio.data.packages.package import Package
from unio.data.packages.whole_folder import whole_folder

__all__ = ["FetchedPackage", "demonstrate", "fetch"]


@dataclass(frozen=True, kw_only=True)
class FetchedPackage:
    """Where it lies, rows of each of its tables, and the data sets of ``configs/data`` that open it."""

    folder: Path
    counts: dict[str, int]
    builders: tuple[str, ...]


def fetch(package: Package, folder: Path, *, archive: Path | None = None) -> FetchedPackage:
    """Download a package (or take its ``archive``) and lay its data out in ``folder``.

    Raises as `whole_folder`, `download`, `read_archive` and the package's ``lay_out`` do.
    """
    with whole_folder(folder) as work, tempfile.TemporaryDirectory() as downloads:
        path = download(package, Path(downloads)) if archive is None else archive
        if package.sha512 is not None and path.is_file():
            check_digest(path, package.sha512)
        files = read_archive(path, is_data=package.is_data, max_bytes=package.max_bytes)
        counts = package.lay_out(files, work)
    return FetchedPackage(folder=folder, counts=counts, builders=package.builders)


def demonstrate(demonstrations: Demonstrations, folder: Path, *, count: int | None = None) -> FetchedPackage:
    """Have an installed simulator's expert solve ``count`` problems (None: as many as usual).

    Raises as `whole_folder` and the ``lay_out`` of the demonstrations do.
    """
    with whole_folder(folder) as work:
        counts = demonstrations.lay_out(work, demonstrations.count if count is None else count)
    return FetchedPackage(folder=folder, counts=counts, builders=demonstrations.builders)
