"""Pictures with depth maps beside them, as NYUv2 is usually given out; also normals and flow-free maps.

Layout::

    images/00001.jpg     a picture
    depth/00001.png      16 bits, millimetres (``unit: 0.001``), 0 where unknown; or .npy in metres x 1/unit

Family: ``depth``; ``controllable_image``, the picture from its depth.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float
from PIL import Image
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.files import IMAGE_SUFFIXES, find_file
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.tasks.depth import depth_to_grey
from unio.media import ImageLimits, load_image

__all__ = ["DepthPairs", "read_depth"]


class DepthPairs(Config):
    """Two folders whose files pair by name."""

    kind: Literal["depth_pairs"] = Field(description="This format.")
    images: str = Field(default="images", description="Folder of the pictures.")
    depth: str = Field(default="depth", description="Folder of the depth maps, of the same names.")
    unit: float = Field(default=0.001, gt=0, description="Metres that a map's 1 stands for.")
    unknown: float | None = Field(
        default=None, description="Value of pixels without depth besides 0, such as 65535."
    )

    def open(self, folder: Path) -> Reader:
        """List the pairs. Raises ``InputError`` for a missing folder or a picture without map."""
        maps = {path.stem: path for path in sorted(find_file(folder, self.depth).iterdir())}
        pairs: list[_Pair] = []
        for path in sorted(find_file(folder, self.images).iterdir()):
            if path.suffix.lower() not in IMAGE_SUFFIXES:
                continue
            if path.stem not in maps:
                raise InputError(
                    f"{self.images}/{path.name} has no depth map", expected=f"{self.depth}/{path.stem}"
                )
            pairs.append(_Pair(picture=path, depth=maps[path.stem], source=self))
        return Reader(name=folder.name, shelves=_shelves(pairs))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pair:
    picture: Path
    depth: Path
    source: DepthPairs

    def metres(self) -> Float[np.ndarray, "height width"]:
        return read_depth(self.depth, unit=self.source.unit, unknown=self.source.unknown)


def _shelves(pairs: Sequence[_Pair]) -> dict[str, Shelf]:
    return {
        task: Shelf(entries=pairs, record=record, place=lambda pair: pair.depth.name)
        for task, record in (("depth", _depth), ("controllable_image", _from_depth))
    }


def read_depth(path: Path, *, unit: float, unknown: float | None = None) -> Float[np.ndarray, "height width"]:
    """A depth map in metres, 0 where unknown, from a grey PNG (8 or 16 bits) or a ``.npy`` of numbers.

    Raises ``InputError`` for anything else; an array of Python objects, which would be a pickle, is not
    loaded.
    """
    try:
        raw = path.read_bytes()
        if path.suffix == ".npy":
            values = np.load(io.BytesIO(raw), allow_pickle=False)
        else:
            with Image.open(io.BytesIO(raw), formats=("PNG",)) as image:
                if image.width * image.height > ImageLimits().max_pixels or image.mode not in (
                    "L",
                    "I",
                    "I;16",
                ):
                    raise InputError(f"{path.name} is no depth map", got=image.mode, expected="a grey PNG")
                values = np.asarray(image)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(
            f"cannot read {path}", got=str(error)[:100], expected="a PNG or .npy file"
        ) from error
    if values.ndim != 2 or values.dtype.kind not in "uif":
        raise InputError(
            f"{path.name} is no depth map", got=f"{values.dtype} {values.shape}", expected="2-D numbers"
        )
    metres = values.astype(np.float32) * np.float32(unit)
    is_known = np.isfinite(metres) & (metres > 0)
    if unknown is not None:
        is_known &= values != unknown
    if not is_known.any():
        raise InputError(f"{path.name} knows no depth at all")
    return np.where(is_known, metres, np.float32(0))


def _depth(pair: _Pair, rng: np.random.Generator) -> Record:
    del rng
    picture, metres = load_image(pair.picture), pair.metres()
    if picture.shape[:2] != metres.shape:
        raise InputError(
            "picture and depth map differ in size", got=f"{picture.shape[:2]} and {metres.shape}"
        )
    return {"image": picture, "depth": metres}


def _from_depth(pair: _Pair, rng: np.random.Generator) -> Record:
    fields = _depth(pair, rng)
    grey = depth_to_grey(fields["depth"])
    return {
        "image": grey,
        "control": "depth",
        "description": "a scene of this depth",
        "picture": fields["image"],
    }
