"""`PACKAGES` and `DEMONSTRATIONS`: everything that `unio data fetch` knows."""

from unio.core import Registry
from unio.data.packages.babyai import BABYAI_MISSIONS
from unio.data.packages.demonstrations import Demonstrations
from unio.data.packages.episodes import METAWORLD_EPISODES, PUSHT_EPISODES
from unio.data.packages.openmoji import OPENMOJI
from unio.data.packages.package import Package
from unio.data.packages.sweet_home import SWEET_HOME
from unio.data.packages.tux_paint import TUX_PAINT

__all__ = ["DEMONSTRATIONS", "PACKAGES"]

PACKAGES: Registry[Package] = Registry("package")
"""Packages that carry data, by name."""

for _package in (OPENMOJI, TUX_PAINT, SWEET_HOME):
    PACKAGES.register(_package.name, _package)

DEMONSTRATIONS: Registry[Demonstrations] = Registry("demonstrations")
"""Data that simulators make, by name; no name is in both."""

for _made in (BABYAI_MISSIONS, PUSHT_EPISODES, METAWORLD_EPISODES):
    DEMONSTRATIONS.register(_made.name, _made)
