"""`PACKAGES`: every package whose data `unio data fetch` knows."""

from unio.core import Registry
from unio.data.packages.openmoji import OPENMOJI
from unio.data.packages.package import Package
from unio.data.packages.tux_paint import TUX_PAINT

__all__ = ["PACKAGES"]

PACKAGES: Registry[Package] = Registry("package")
"""Name -> package."""

for _package in (OPENMOJI, TUX_PAINT):
    PACKAGES.register(_package.name, _package)
