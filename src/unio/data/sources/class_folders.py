"""A folder a class, as ImageNet, Places or Kinetics are given out ("ImageFolder").

Layout::

    train/n01440764/n01440764_10026.JPEG
    LOC_synset_mapping.txt               optional: "n01440764 tench, Tinca tinca" a line
    trainlist01.txt                      optional: which files, "Archery/v_Archery_g08_c01.avi 3" a line

Families: ``classify`` (pictures), ``tag`` (pictures, one tag), ``video_class`` (videos).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from unio.core import Config, ConfigError, InputError
from unio.data.sources.files import IMAGE_SUFFIXES, find_file, inside
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.sources.video_fields import VIDEO_SUFFIXES, video_fields
from unio.media import load_image

__all__ = ["ClassFolders", "drawn_options"]


class ClassFolders(Config):
    """One folder a class."""

    kind: Literal["class_folders"] = Field(description="This format.")
    classes: str = Field(description="Folder that holds the classes' folders.")
    names: str | None = Field(
        default=None, description="Text file of lines 'FOLDER name, other name'; None: folders are names."
    )
    listed: str | None = Field(
        default=None,
        description="Text file whose lines begin with a file's name in the classes' folder; None: all files.",
    )
    strip: str | None = Field(
        default=None,
        description="Regular expression of what a blank stands for in a class's name, such as '^[0-9]+.'.",
    )
    options: int = Field(default=10, ge=2, description="Most answers to choose from, the right one included.")

    def open(self, folder: Path) -> Reader:
        """List the files. Raises ``InputError`` for missing folders, no files, or a class without name."""
        base = find_file(folder, self.classes)
        names = None if self.names is None else _read_names(inside(folder, self.names))
        strip = _compiled(self.strip)
        paths = _all_files(base) if self.listed is None else _listed_files(base, inside(folder, self.listed))
        files = [
            _File(
                path=path, label=_label(path.parent.relative_to(base).as_posix(), names, strip), source=self
            )
            for path in paths
            if path.suffix.lower() in IMAGE_SUFFIXES | VIDEO_SUFFIXES
        ]
        if not files:
            raise InputError(f"{base} holds no pictures or videos", expected="CLASS/FILE.jpg")
        labels = tuple(dict.fromkeys(file.label for file in files))
        pictures = [file for file in files if file.path.suffix.lower() in IMAGE_SUFFIXES]
        videos = [file for file in files if file.path.suffix.lower() in VIDEO_SUFFIXES]
        return Reader(
            name=base.name,
            shelves={
                "classify": Shelf(entries=pictures, record=_Classify(labels), place=_place),
                "tag": Shelf(entries=pictures, record=_tag, place=_place),
                "video_class": Shelf(entries=videos, record=_video, place=_place),
            },
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _File:
    path: Path
    label: str
    source: ClassFolders


@dataclass(frozen=True)
class _Classify:
    """The picture with its label among others of the data set, in random order."""

    labels: tuple[str, ...]

    def __call__(self, file: _File, rng: np.random.Generator) -> Record:
        options = drawn_options(file.label, self.labels, most=file.source.options, rng=rng)
        return {"image": load_image(file.path), "options": options, "label": file.label}


def drawn_options(
    label: str, labels: Sequence[str], *, most: int, rng: np.random.Generator
) -> tuple[str, ...]:
    """Answers to choose from: ``label`` and up to ``most - 1`` others, in random order."""
    others = [other for other in labels if other != label]
    count = min(most - 1, len(others))
    options = [others[int(at)] for at in rng.choice(len(others), count, replace=False)] if count else []
    options.insert(int(rng.integers(len(options) + 1)), label)
    return tuple(options)


def _tag(file: _File, rng: np.random.Generator) -> Record:
    del rng
    return {"image": load_image(file.path), "tags": (file.label,)}


def _video(file: _File, rng: np.random.Generator) -> Record:
    return {**video_fields(file.path, rng=rng), "label": file.label}


def _place(file: _File) -> str:
    return f"{file.path.parent.name}/{file.path.name}"


def _compiled(expression: str | None) -> re.Pattern[str] | None:
    try:
        return None if expression is None else re.compile(expression)
    except re.error as error:
        raise ConfigError("bad regular expression in strip", got=f"{expression!r}: {error}") from error


def _all_files(base: Path) -> Iterator[Path]:
    for directory in sorted(path for path in base.iterdir() if path.is_dir()):
        yield from sorted(directory.iterdir())


def _listed_files(base: Path, listed: Path) -> Iterator[Path]:
    for line in _lines(listed):
        path = inside(base, line.split()[0].lstrip("/"))
        if path.parent == base:
            raise InputError(
                f"{listed.name} names a file without class", got=line[:60], expected="CLASS/FILE"
            )
        yield path


def _label(name: str, names: Mapping[str, str] | None, strip: re.Pattern[str] | None) -> str:
    if names is None:
        kept = name if strip is None else strip.sub(" ", name)
        return " ".join(kept.replace("_", " ").replace("/", " ").split())
    if name not in names:
        raise InputError(f"the names file has no line for the class {name!r}", got=f"{len(names)} classes")
    return names[name]


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}", expected="a text file") from error


def _read_names(path: Path) -> dict[str, str]:
    pairs = [line.split(maxsplit=1) for line in _lines(path)]
    for number, pair in enumerate(pairs, start=1):
        if len(pair) != 2:
            raise InputError(f"{path.name} line {number} has no name", got=pair[0], expected="FOLDER name")
    return {folder: name.split(",")[0].strip() for folder, name in pairs}
