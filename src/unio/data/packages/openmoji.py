"""OpenMoji (npm ``openmoji``, CC BY-SA 4.0): drawn pictures with names and tags.

The package holds ``package/data/openmoji.json``, a list of ::

    {"hexcode": "1F600", "annotation": "grinning face", "tags": "cheerful, happy, ..", "skintone": "", ..}

and each picture as ``package/color/svg/HEXCODE.svg``. A skin tone's variant is left out: its picture and name
differ from the plain one's in the tone alone. Laid out are ``pictures/HEXCODE.png``, and rows of
``pictures-SPLIT.jsonl``::

    {"image": "pictures/1F600.png", "caption": "grinning face", "description": "an emoji of grinning face",
     "tags": ["cheerful", "happy"]}
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unio.core import InputError
from unio.data.packages.package import Files, Package
from unio.data.packages.svg import render_svg
from unio.data.packages.tables import find_data, split_of, write_table
from unio.media import write_whole

__all__ = ["OPENMOJI", "lay_out_openmoji"]

ENTRIES = "package/data/openmoji.json"
LICENCE = "package/LICENSE.txt"
DRAWINGS = "package/color/svg/"
MAX_TAGS = 8
SIZE = 256


def lay_out_openmoji(files: Files, folder: Path) -> dict[str, int]:
    """Draw every picture, and write the tables.

    Raises ``InputError`` for a package in another layout, ``MissingExtraError`` without a renderer of SVG.
    """
    try:
        entries: list[dict[str, Any]] = json.loads(find_data(files, ENTRIES, package="openmoji"))
        rows = list(_rows(entries, files, folder))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"openmoji's {ENTRIES} is broken", got=f"{type(error).__name__} {error}"[:100]
        ) from error
    write_whole(folder / "LICENCE.txt", find_data(files, LICENCE, package="openmoji"))
    return write_table(folder, "pictures", rows, package="openmoji")


def _rows(entries: list[dict[str, Any]], files: Files, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in entries:
        code, name = str(entry["hexcode"]), str(entry["annotation"]).strip()
        drawing = files.get(f"{DRAWINGS}{code}.svg")
        if entry["skintone"] or drawing is None or not name:
            continue
        place = f"pictures/{code}.png"
        write_whole(folder / place, render_svg(drawing, width=SIZE, name=f"{code}.svg"))
        row = {"image": place, "caption": name, "description": f"an emoji of {name}", "tags": _tags(entry)}
        yield split_of(code), row


def _tags(entry: dict[str, Any]) -> list[str]:
    """Unicode's tags, then OpenMoji's own, each once; its subgroup's words where there are none."""
    told = f"{entry['tags']},{entry['openmoji_tags']}".split(",")
    tags = list(dict.fromkeys(tag.strip().lower() for tag in told if tag.strip()))
    return tags[:MAX_TAGS] or [str(entry["subgroups"]).replace("-", " ")]


def _is_data(name: str) -> bool:
    return name in (ENTRIES, LICENCE) or (name.startswith(DRAWINGS) and name.endswith(".svg"))


OPENMOJI = Package(
    name="openmoji",
    title="OpenMoji, drawn pictures with names and tags",
    licence="CC BY-SA 4.0",
    manager="npm",
    package="openmoji",
    version="17.0.0",
    sha512="1019d8acd19d71dc3e3925e610d78d135c81351bbab4eada4e6a0ec946c99139"
    "af4fff97113a7c4592d2245cc3de5acf73937d0b3b323e7453934569e14688f7",
    megabytes=5,
    max_bytes=200_000_000,
    is_data=_is_data,
    lay_out=lay_out_openmoji,
    builders=("openmoji",),
)
"""The package."""
