"""Sweet Home 3D's furniture (Debian ``sweethome3d-furniture``): models with names and real sizes.

Below ``usr/share/sweethome3d/furniture/`` the package holds five catalogues, ``Scopia.sh3f`` and others
(`unio.data.packages.sweet_home.catalogue`). Laid out are a mesh for each model
(`unio.data.sources.furniture.mesh_file`) and its row of ``furniture-SPLIT.jsonl``, lengths in metres::

    {"mesh": "meshes/scopia/chair-12.safetensors", "name": "chair", "category": "living room",
     "tags": ["seat"], "width": 0.45, "depth": 0.52, "height": 0.92, "elevation": 0.0,
     "door_or_window": false, "creator": "Scopia", "licence": "Creative Commons Attribution 3.0 .."}
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from unio.core import InputError
from unio.data.packages.package import Files, Package
from unio.data.packages.sweet_home.catalogue import Catalogue, Entry, open_catalogue
from unio.data.packages.sweet_home.simplify import small_mesh
from unio.data.packages.sweet_home.wavefront import read_materials, read_triangles
from unio.data.packages.tables import find_data, split_of, write_table
from unio.data.sources.files import inside
from unio.data.sources.furniture.mesh_file import write_mesh
from unio.media import load_image, write_whole
from unio.schema import Picture

__all__ = ["SWEET_HOME", "lay_out_sweet_home"]

PACKAGE = "sweethome3d-furniture"
CATALOGUES = "usr/share/sweethome3d/furniture/"
LICENCE = f"usr/share/doc/{PACKAGE}/copyright"


def lay_out_sweet_home(files: Files, folder: Path) -> dict[str, int]:
    """Write a mesh for every model, and the table.

    Raises ``InputError`` for a package in another layout, or a model that cannot be read.
    """
    write_whole(folder / "LICENCE.txt", find_data(files, LICENCE, package=PACKAGE))
    rows: list[tuple[str, dict[str, Any]]] = []
    for name in sorted(files):
        if name.endswith(".sh3f"):
            rows += _rows(PurePosixPath(name).stem, files[name], folder)
    return write_table(folder, "furniture", rows, package=PACKAGE)


def _rows(library: str, content: bytes, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    catalogue = open_catalogue(content, name=f"{library}.sh3f")
    for number, entry in enumerate(catalogue.entries, start=1):
        place = f"meshes/{_plain(library)}/{_plain(entry.name)}-{number}.safetensors"
        try:
            triangles = read_triangles(_held(catalogue, entry.model), **_surfaces(catalogue, entry.model))
            write_mesh(small_mesh(triangles, entry), inside(folder, place))
        except InputError as error:
            raise InputError(f"{library}.sh3f, {entry.model}: {error}") from error
        yield split_of(entry.key), _row(entry, place, catalogue.licence)


def _row(entry: Entry, place: str, licence: str) -> dict[str, Any]:
    return {
        "mesh": place,
        "name": _common(entry.name),
        "category": entry.category.lower(),
        "tags": [tag.lower() for tag in entry.tags],
        "width": round(entry.width, 4),
        "depth": round(entry.depth, 4),
        "height": round(entry.height, 4),
        "elevation": round(entry.elevation, 4),
        "door_or_window": entry.is_door_or_window,
        "creator": entry.creator,
        "licence": licence,
    }


def _surfaces(catalogue: Catalogue, model: str) -> dict[str, Any]:
    """What a model's faces look like: its materials, and where their textures are found."""
    beside = PurePosixPath(model).parent
    held = catalogue.file(str(PurePosixPath(model).with_suffix(".mtl")))

    @cache
    def texture(name: str) -> Picture | None:
        packed = catalogue.file(str(beside / PurePosixPath(name.replace("\\", "/")).name))
        return None if packed is None else load_image(packed)

    return {"materials": {} if held is None else read_materials(held), "texture": texture}


def _held(catalogue: Catalogue, name: str) -> bytes:
    content = catalogue.file(name)
    if content is None:
        raise InputError(f"the catalogue has no {name}")
    return content


def _common(name: str) -> str:
    """A name as it stands in a sentence: its first word small, unless that is an abbreviation."""
    first, space, rest = name.strip().partition(" ")
    return (first.lower() if first[1:].islower() or len(first) == 1 else first) + space + rest


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "model"


def _is_data(name: str) -> bool:
    return name == LICENCE or (name.startswith(CATALOGUES) and name.endswith(".sh3f"))


SWEET_HOME = Package(
    name="sweet_home",
    title="Sweet Home 3D's furniture, models with names and real sizes",
    licence="CC BY 3.0, a part of it CC0: each row names its own; see LICENCE.txt",
    manager="apt",
    package=PACKAGE,
    version=None,
    sha512=None,
    megabytes=120,
    max_bytes=400_000_000,
    is_data=_is_data,
    lay_out=lay_out_sweet_home,
    builders=("sweet_home",),
)
"""The package."""
