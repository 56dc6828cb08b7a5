"""The package managers' own clients: they choose the mirror, and check what it sends."""

import subprocess
from pathlib import Path

from unio.core import InputError
from unio.data.packages.package import Package

__all__ = ["download", "download_command"]

MAX_SECONDS = 1800


def download_command(package: Package) -> list[str]:
    """The command that puts a package's archive into the current folder, and runs nothing of it."""
    if package.manager == "npm":
        return ["npm", "pack", "--silent", "--ignore-scripts", f"{package.package}@{package.version}"]
    return ["apt-get", "download", "--quiet", package.package]


def download(package: Package, folder: Path) -> Path:
    """The archive of a package, downloaded into an empty ``folder``.

    npm compares it with the registry's digest, apt with Debian's signed lists. Raises ``InputError`` where
    the client is missing, fails (no network, no such package), hangs, or brings no archive.
    """
    command = download_command(package)
    by_hand = f"download it elsewhere with '{' '.join(command)}', then name it with --archive"
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=MAX_SECONDS
        )
    except FileNotFoundError as error:
        raise InputError(f"{command[0]} is not installed", fix=by_hand) from error
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{command[0]} took more than {MAX_SECONDS} seconds", fix=by_hand) from error
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["nothing"]
        first = "try 'apt-get update' first, or " if package.manager == "apt" else ""
        raise InputError(
            f"{command[0]} could not download {package.package}",
            got=f"status {done.returncode}: {said[0].strip()[:160]}",
            expected="a network that reaches its registry",
            fix=first + by_hand,
        )
    archives = sorted(path for path in folder.iterdir() if path.suffix in (".tgz", ".deb"))
    if len(archives) != 1:
        raise InputError(
            f"{command[0]} brought no archive of {package.package}", got=f"{len(archives)} files", fix=by_hand
        )
    return archives[0]
