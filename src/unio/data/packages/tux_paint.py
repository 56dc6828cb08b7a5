"""Tux Paint's stamps (Debian ``tuxpaint-stamps-default``): photo cut-outs with a sentence, some with a sound.

Below ``usr/share/tuxpaint/stamps/`` the package holds ``animals/birds/crow.png`` (a photo, transparent around
the thing), ``crow.txt`` (a sentence in English, then a line for each other language) and, for some,
``crow.ogg`` (what it sounds like). Laid out are the files under the same names in ``media/``, pictures made
square with white, so that a model that draws them has no black bars to learn; for every picture with a
sentence a row of ``pictures-SPLIT.jsonl``, its tags the folders it stands in; for every sound three
conversations of ``sounds-SPLIT.jsonl``: what is heard, the sound of a text, the sound of a picture::

    {"image": "media/animals/birds/crow.png", "caption": "A crow.", "description": "a crow",
     "tags": ["animals", "birds"]}
    {"messages": [.. "<image>What does this sound like?" .. "<audio>"], "images": [..], "audios": [..]}
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from unio.data.packages.package import Files, Package
from unio.data.packages.tables import find_data, split_of, write_table
from unio.data.sources.files import inside
from unio.media import encode_image, load_image, write_whole
from unio.schema import Picture

__all__ = ["TUX_PAINT", "lay_out_tux_paint"]

PACKAGE = "tuxpaint-stamps-default"
STAMPS = "usr/share/tuxpaint/stamps/"
LICENCE = "usr/share/doc/tuxpaint-stamps-default/copyright"
SPOKEN = "_desc"
"""Ends the names of sentences read aloud, which are no sound of the thing."""

ARTICLES = frozenset({"A", "An", "The", "Some"})

ASKED = "<image>What does this sound like?"


def lay_out_tux_paint(files: Files, folder: Path) -> dict[str, int]:
    """Write the media and the tables.

    Raises ``InputError`` for a package in another layout, or a picture that cannot be read.
    """
    write_whole(folder / "LICENCE.txt", find_data(files, LICENCE, package=PACKAGE))
    stamps = [name for name in sorted(files) if name.endswith(".png") and _sentence(files, name)]
    for stamp in stamps:
        squared = encode_image(_square(load_image(files[stamp])), suffix=".png")
        write_whole(inside(folder, _place(stamp)), squared)
        if _sound(stamp) in files:
            write_whole(inside(folder, _place(_sound(stamp))), files[_sound(stamp)])
    sounding = [name for name in stamps if _sound(name) in files]
    pictures = [(_split(name), _picture_row(name, files)) for name in stamps]
    sounds = [(_split(name), row) for name in sounding for row in _sound_rows(name, files)]
    return {
        **write_table(folder, "pictures", pictures, package=PACKAGE),
        **write_table(folder, "sounds", sounds, package=PACKAGE),
    }


def _sentence(files: Files, stamp: str) -> str:
    """The English sentence of a stamp; nothing where it has none."""
    text = files.get(str(PurePosixPath(stamp).with_suffix(".txt")), b"").decode("utf-8", "replace")
    return text.splitlines()[0].strip() if text.strip() else ""


def _described(sentence: str) -> str:
    """A sentence as part of another: ``A crow.`` is ``a crow``; a name keeps its capital."""
    first, space, rest = sentence.removesuffix(".").partition(" ")
    return (first.lower() if first in ARTICLES else first) + space + rest


def _square(picture: Picture) -> Picture:
    """The picture (height, width, 3) in the middle of a white square (longer side, longer side, 3)."""
    height, width, _ = picture.shape
    size = max(height, width)
    square = np.full((size, size, 3), 255, np.uint8)
    top, left = (size - height) // 2, (size - width) // 2
    square[top : top + height, left : left + width] = picture
    return square


def _sound(stamp: str) -> str:
    return str(PurePosixPath(stamp).with_suffix(".ogg"))


def _place(name: str) -> str:
    return f"media/{name.removeprefix(STAMPS)}"


def _split(stamp: str) -> str:
    return split_of(stamp.removeprefix(STAMPS))


def _picture_row(stamp: str, files: Files) -> dict[str, Any]:
    tags = [part.replace("_", " ") for part in PurePosixPath(stamp.removeprefix(STAMPS)).parts[:-1]]
    sentence = _sentence(files, stamp)
    return {
        "image": _place(stamp),
        "caption": sentence,
        "description": _described(sentence),
        "tags": tags or ["stamps"],
    }


def _sound_rows(stamp: str, files: Files) -> Iterator[dict[str, Any]]:
    """What is heard; the sound of a text; the sound of a picture."""
    sentence, sounds = _sentence(files, stamp), [_place(_sound(stamp))]
    yield {"task": "audio_caption", "messages": _turns("<audio>", sentence), "audios": sounds}
    yield {"task": "audio_from_text", "messages": _turns(_described(sentence), "<audio>"), "audios": sounds}
    yield {"messages": _turns(ASKED, "<audio>"), "images": [_place(stamp)], "audios": sounds}


def _turns(asked: str, answered: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]


def _is_data(name: str) -> bool:
    """Pictures, sentences, and sounds but not the sentences read aloud in many languages."""
    path = PurePosixPath(name)
    if name == LICENCE:
        return True
    return name.startswith(STAMPS) and (
        path.suffix in (".png", ".txt") or (path.suffix == ".ogg" and SPOKEN not in path.stem)
    )


TUX_PAINT = Package(
    name="tux_paint",
    title="Tux Paint's stamps, photo cut-outs with sentences and sounds",
    licence="GPL 2 or later; single stamps under other free terms, see LICENCE.txt",
    manager="apt",
    package=PACKAGE,
    version=None,
    sha512=None,
    megabytes=161,
    max_bytes=400_000_000,
    is_data=_is_data,
    lay_out=lay_out_tux_paint,
    builders=("tux_paint", "tux_paint_sounds"),
)
"""The package."""
