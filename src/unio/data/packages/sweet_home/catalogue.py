"""A catalogue of furniture, ``.sh3f``: a zip with a properties file and the models that it names.

``PluginFurnitureCatalog.properties`` holds ::

    license=Creative Commons Attribution 3.0 license
    id#7=Blend Swap CC-BY#bike
    name#7=Bike
    category#7=Exterior
    model#7=/blendswap-cc-by/bike/bike.obj
    width#7=176.0                                        in cm; also depth#7 (front to back) and height#7
    modelRotation#7=0 0 1 0 1 0 -1 0 0                   optional: to be turned by, row by row
    elevation#7=115                                      optional: cm above the floor at which it hangs
    doorOrWindow#7=false

Files of the zip are read by name and never unpacked.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from unio.core import InputError

__all__ = ["Catalogue", "Entry", "open_catalogue"]

PROPERTIES = "PluginFurnitureCatalog.properties"
MAX_BYTES = 64 << 20
"""More than any file of the known catalogues holds, unpacked."""

ENTRY = re.compile(r"(\w+)#(\d+)$")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
CENTIMETRE = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """A model as the catalogue tells it, lengths in metres; ``rotation`` is about the model's own axes."""

    key: str
    name: str
    category: str
    tags: tuple[str, ...]
    creator: str
    model: str
    width: float
    depth: float
    height: float
    elevation: float
    rotation: Float[np.ndarray, "3 3"]
    is_door_or_window: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Catalogue:
    """An opened catalogue: its licence, its entries, and its files."""

    licence: str
    entries: tuple[Entry, ...]
    packed: zipfile.ZipFile

    def file(self, name: str) -> bytes | None:
        """A file of the catalogue; None where there is none. Raises ``InputError`` for a broken one."""
        return _read(self.packed, name)


def open_catalogue(content: bytes, *, name: str) -> Catalogue:
    """Open a ``.sh3f``. Raises ``InputError`` for another kind of file, or entries that tell too little."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise InputError(f"{name} is broken", got=str(error)[:100], expected="a .sh3f") from error
    held = _read(packed, PROPERTIES)
    if held is None:
        raise InputError(f"{name} has no {PROPERTIES}", expected="a catalogue of furniture")
    values = _properties(held)
    numbers = sorted({int(match[2]) for key in values if (match := ENTRY.match(key))})
    entries = tuple(_entry(values, number, name) for number in numbers)
    return Catalogue(licence=values.get("license", ""), entries=entries, packed=packed)


def _read(packed: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        member = packed.getinfo(name)
    except KeyError:
        return None
    if member.file_size > MAX_BYTES:
        raise InputError(f"{name} is too large", got=f"{member.file_size:,} bytes", expected=f"{MAX_BYTES:,}")
    try:
        return packed.read(member)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{name} is broken", got=str(error)[:100], expected="a file of a zip") from error


def _properties(content: bytes) -> dict[str, str]:
    """Java's properties: ``key=value`` a line in Latin-1, escapes by number for what that lacks."""
    values: dict[str, str] = {}
    for line in content.decode("latin-1").splitlines():
        key, equals, value = line.partition("=")
        if equals and not key.lstrip().startswith(("#", "!")):
            values[key.strip()] = ESCAPE.sub(_unescaped, value.strip())
    return values


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else {"t": "\t", "n": "\n"}.get(code, code)


def _entry(values: Mapping[str, str], number: int, name: str) -> Entry:
    def told(what: str, default: str | None = None) -> str:
        value = values.get(f"{what}#{number}", default)
        if value is None:
            raise InputError(f"{name}: entry {number} has no {what}", expected=f"{what}#{number}=..")
        return value

    try:
        width, depth, height, elevation = (
            float(told(what, default)) * CENTIMETRE
            for what, default in (("width", None), ("depth", None), ("height", None), ("elevation", "0"))
        )
        turns = told("modelRotation", "1 0 0 0 1 0 0 0 1").split()
        rotation = np.array([float(turn) for turn in turns], np.float64).reshape(3, 3)
    except ValueError as error:
        raise InputError(f"{name}: a size of entry {number} is no number", got=str(error)[:80]) from error
    if not all(0 < length < 1000 for length in (width, depth, height)):
        raise InputError(f"{name}: entry {number} has no size", got=f"{width} {depth} {height} m")
    return Entry(
        key=told("id", f"{name}#{number}"),
        name=told("name"),
        category=told("category"),
        tags=tuple(tag.strip() for tag in told("tags", "").split(",") if tag.strip()),
        creator=told("creator", ""),
        model=told("model").lstrip("/"),
        width=width,
        depth=depth,
        height=height,
        elevation=elevation,
        rotation=rotation,
        is_door_or_window=told("doorOrWindow", "false") == "true",
    )
