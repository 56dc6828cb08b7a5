"""`Demonstrations`: what the expert of an installed simulator does, laid out for a reader."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Demonstrations"]


@dataclass(frozen=True, kw_only=True)
class Demonstrations:
    """Data that a package does not carry but makes.

    - ``name``: what unio calls it; ``title``, ``licence``: what it is, and its terms.
    - ``package``, ``extra``: the simulator, and the extra of unio that brings it.
    - ``count``: problems that are solved unless another number is asked for.
    - ``lay_out``: writes so many solved problems into a folder, and counts what each table holds.
    - ``builders``: the data sets of ``configs/data`` that its folder serves.
    """

    name: str
    title: str
    licence: str
    package: str
    extra: str
    count: int
    lay_out: Callable[[Path, int], dict[str, int]]
    builders: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Who makes it, in words: ``made by minigrid, the extra babyai``."""
        return f"made by {self.package}, the extra {self.extra}"
