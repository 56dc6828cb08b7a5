"""Wavefront OBJ and MTL: triangles, each with the display colour of its material or texture.

Only what tells shape and colour is read: ``v``, ``vt``, ``f``, ``usemtl`` and, from materials, ``Kd``, ``d``
and ``map_Kd``. Polygons become fans of triangles. A texture is not kept: each triangle takes its mean colour
over a few places inside the triangle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from unio.core import InputError
from unio.schema import Picture

__all__ = ["Material", "Triangles", "read_materials", "read_triangles"]

INVISIBLE = 0.05
"""Opacity up to which a surface is not there."""

GREY = (0.7, 0.7, 0.7)

INSIDE = np.array([[2, 2, 2], [4, 1, 1], [1, 4, 1], [1, 1, 4]], np.float64) / 6
"""Places in a triangle where its texture is looked at, in barycentric coordinates."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """Display RGB in 0..1, opacity in 0..1, and the name of the texture that gives the colour instead."""

    colour: tuple[float, float, float] = GREY
    opacity: float = 1.0
    texture: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Triangles:
    """A model's surface, in its own units and axes.

    ``faces`` are rows of ``vertices``; ``colours`` the display RGB of each face in 0..1.
    """

    vertices: Float[np.ndarray, "vertices 3"]
    faces: Int[np.ndarray, "faces 3"]
    colours: Float[np.ndarray, "faces 3"]


def read_materials(content: bytes) -> dict[str, Material]:
    """The materials of an MTL file, by name. Raises ``InputError`` for numbers that are none."""
    found: dict[str, Material] = {}
    name = ""
    for line in content.decode("utf-8", "replace").splitlines():
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        try:
            if word == "newmtl":
                name = rest
                found[name] = Material()
            elif word == "Kd" and name:
                red, green, blue = (min(max(float(one), 0.0), 1.0) for one in rest.split()[:3])
                found[name] = _changed(found[name], colour=(red, green, blue))
            elif word == "d" and name:
                found[name] = _changed(found[name], opacity=float(rest.split()[-1]))
            elif word == "map_Kd" and name and rest:
                found[name] = _changed(found[name], texture=rest)
        except (ValueError, IndexError) as error:
            raise InputError("a material is broken", got=line.strip()[:60], expected="numbers") from error
    return found


def read_triangles(
    content: bytes, *, materials: dict[str, Material], texture: Callable[[str], Picture | None]
) -> Triangles:
    """The visible triangles of an OBJ file. ``texture`` gives a texture's picture; None: it cannot be had.

    Raises ``InputError`` for a file without faces, or with a face of vertices that are not there.
    """
    lines = _Lines(content)
    wanted = [materials.get(name, Material()) for name in lines.materials]
    seen = np.array([material.opacity > INVISIBLE for material in wanted], bool)[lines.owners]
    faces, places, owners = lines.faces[seen], lines.places[seen], lines.owners[seen]
    if not len(faces):
        raise InputError("a model shows no faces", expected="an OBJ file with lines 'f'")
    colours = np.array([material.colour for material in wanted], np.float64)[owners]
    for number, material in enumerate(wanted):
        rows = np.flatnonzero((owners == number) & (places[:, 0] >= 0))
        picture = texture(material.texture) if material.texture and len(rows) else None
        if picture is not None:
            colours[rows] = _looked_up(picture, lines.spots[places[rows]])
    return Triangles(vertices=lines.vertices, faces=faces, colours=colours)


class _Lines:
    """The numbers of an OBJ file: ``places`` are rows of ``spots`` (texture coordinates), -1 without."""

    def __init__(self, content: bytes) -> None:
        points: list[bytes] = []
        spots: list[bytes] = []
        corners: list[tuple[bytes, bytes, bytes]] = []
        owners: list[int] = []
        numbers: dict[str, int] = {}
        owner = numbers.setdefault("", 0)
        for line in content.replace(b"\\\n", b" ").splitlines():
            if line.startswith(b"v "):
                points.append(line[2:])
            elif line.startswith(b"vt "):
                spots.append(line[3:])
            elif line.startswith(b"f "):
                first, *rest = line[2:].split()
                corners += [(first, one, two) for one, two in pairwise(rest)]
                owners += [owner] * (len(rest) - 1)
            elif line.startswith(b"usemtl"):
                owner = numbers.setdefault(line[6:].strip().decode("utf-8", "replace"), len(numbers))
        self.materials = tuple(numbers)
        self.owners = np.array(owners, np.int64)
        self.vertices = _numbers(points, 3)
        self.spots = _numbers(spots, 2)
        flat = [corner for face in corners for corner in face]
        self.faces = _indices(flat, 0, len(points)).reshape(-1, 3)
        self.places = _indices(flat, 1, len(spots)).reshape(-1, 3)
        self.places[(self.places < 0).any(axis=1)] = -1
        if len(self.faces) and self.faces.min() < 0:
            raise InputError("a face has a corner without vertex", expected="a number from 1 on")


def _changed(material: Material, **changes: object) -> Material:
    values = {"colour": material.colour, "opacity": material.opacity, "texture": material.texture}
    return Material(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def _numbers(lines: list[bytes], count: int) -> Float[np.ndarray, "rows count"]:
    """The first ``count`` numbers of each line."""
    try:
        return np.array([line.split()[:count] for line in lines], "S").astype(np.float64).reshape(-1, count)
    except ValueError as error:
        raise InputError("a model's vertices are no numbers", expected=f"{count} a line") from error


def _indices(corners: list[bytes], part: int, count: int) -> Int[np.ndarray, " corners"]:
    """Part ``part`` of each ``1/2/3``, counted from 0; -1 where it is missing."""
    found = np.full(len(corners), -1, np.int64)
    try:
        for row, corner in enumerate(corners):
            parts = corner.split(b"/")
            if len(parts) > part and parts[part]:
                found[row] = int(parts[part]) - 1
    except ValueError as error:
        raise InputError("a face is broken", expected="numbers of vertices") from error
    if len(found) and (found.max() >= count or found.min() < -1):
        raise InputError(
            "a face has a corner that is not there", got=int(found.max()) + 1, expected=f"1 to {count}"
        )
    return found


def _looked_up(picture: Picture, spots: Float[np.ndarray, "faces 3 2"]) -> Float[np.ndarray, "faces 3"]:
    """The mean display RGB of a texture in each triangle; textures repeat, and their v points up."""
    height, width, _ = picture.shape
    places = np.einsum("pc,fcx->fpx", INSIDE, spots) % 1.0
    columns = np.minimum((places[..., 0] * width).astype(np.int64), width - 1)
    rows = np.minimum(((1 - places[..., 1]) * height).astype(np.int64), height - 1)
    return picture[rows, columns].mean(axis=1) / 255
