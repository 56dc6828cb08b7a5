"""``unio data fetch``: real data that packages carry, downloaded because the user says so."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["fetch_command"]


def fetch_command(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="openmoji or tux_paint; none: list them.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Its folder; runs/data/NAME if left out."),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option("--archive", metavar="FILE", help="The package's .tgz or .deb, downloaded before."),
    ] = None,
) -> None:
    """Fetch a package's data by npm or apt, and lay it out for its builders.

    Without a name the packages are listed with their licences. The folder appears whole or not at all.
    """
    from unio.data.packages import PACKAGES, fetch

    if name is None:
        for package in PACKAGES:
            typer.echo(f"{package.name:<10}  {package.title}")
            typer.echo(f"{'':<10}  {package.origin}, {package.megabytes} MB; licence: {package.licence}")
        return
    package = PACKAGES.get(name)
    typer.echo(f"{package.title}; licence: {package.licence}")
    if archive is None:
        typer.echo(f"downloading {package.origin}, {package.megabytes} MB")
    fetched = fetch(package, out or Path("runs/data") / name, archive=archive)
    for table, count in fetched.counts.items():
        typer.echo(f"{table:<16}{count:>7,}")
    folders = " ".join(f"--folder {builder}={fetched.folder}" for builder in package.builders)
    typer.echo(f"{fetched.folder.resolve()}; look at it: unio data show real_small {folders}")
