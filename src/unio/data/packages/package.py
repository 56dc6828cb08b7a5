"""`Package`: what a registry gives out, what of it is data, and how that is laid out for a reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["Files", "LayOut", "Package"]

Files = Mapping[str, bytes]
"""Names inside a package, without a leading ``./``, and what those files hold."""

LayOut = Callable[[Files, Path], dict[str, int]]
"""Writes a package's files into a folder as its builder expects them, and counts what each table holds."""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that carries data.

    - ``name``: what unio calls it; ``title``, ``licence``: what it is, and its terms.
    - ``manager``, ``package``, ``version``: who brings it. An apt package has no fixed version: each release
      of Debian has its own, and apt checks it against Debian's signatures.
    - ``sha512``: digest of the archive in hexadecimal, where the version is fixed.
    - ``is_data``: which of its files are read; ``max_bytes`` bounds them together.
    - ``builders``: the data sets of ``configs/data`` that its folder serves.
    """

    name: str
    title: str
    licence: str
    manager: Literal["npm", "apt"]
    package: str
    version: str | None
    sha512: str | None
    megabytes: int
    max_bytes: int
    is_data: Callable[[str], bool]
    lay_out: LayOut
    builders: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Who brings it, in words: ``npm openmoji 17.0.0``."""
        return " ".join(part for part in (self.manager, self.package, self.version) if part)
