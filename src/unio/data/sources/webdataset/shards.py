"""WebDataset tars as records: what a sample's members are says what they are used for.

Layout::

    cc3m-train-0000.tar    000000.jpg 000000.txt 000000.json  000001.jpg ..

==========================  =========================================================
members                     families
==========================  =========================================================
picture, txt                caption, image_from_text
picture, cls                classify (with ``classes``), tag
sound, txt                  audio_caption, audio_from_text
video, txt                  video_caption
video                       next_frame, video_sound (with ``sound``)
picture, shapes pasted on   detect, vqa, and nothing else (with ``pasted``)
picture, json of masks      segment_box (with ``masks``, as Segment Anything is given out)
txt alone                   continue_text
==========================  =========================================================

A caption may instead be a field of the sample's ``json`` (``caption_field``). Members of other kinds, pickles
(``pyd``, ``pth``) among them, are never read. Shards are files of the folder: no addresses, no ``pipe:``.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.captioned import RATE, completed
from unio.data.sources.class_folders import drawn_options
from unio.data.sources.coco.annotations import pixel_box
from unio.data.sources.coco.masks import decode_mask
from unio.data.sources.match_files import match_files
from unio.data.sources.pasted_shapes import count_record, list_record
from unio.data.sources.reader import Reader, Record, Shelf
from unio.data.sources.split_text import split_text
from unio.data.sources.video_fields import task_video, video_fields
from unio.data.sources.webdataset.tar_index import TarSample, index_tar, read_member
from unio.media import load_audio, load_image

__all__ = ["WebDataset", "expand_braces"]

PICTURES = ("jpg", "jpeg", "png", "webp")
SOUNDS = ("wav", "flac", "ogg", "mp3")
VIDEOS = ("mp4", "webm", "mkv", "mov", "avi")


class WebDataset(Config):
    """Tar shards."""

    kind: Literal["webdataset"] = Field(description="This format.")
    shards: str = Field(description="Pattern of the tars: train-*.tar, or train-{0000..0012}.tar.")
    caption_field: str | None = Field(
        default=None, description="Field of a sample's json that holds the text; None: its txt."
    )
    classes: tuple[str, ...] = Field(default=(), description="Names of the class numbers in cls members.")
    options: int = Field(default=10, ge=2, description="Most answers to choose from, the right one included.")
    masks: bool = Field(default=False, description="Whether the json holds 'annotations' of boxes and masks.")
    pasted: bool = Field(default=False, description="Whether shapes are pasted on, to be listed and counted.")
    sound: bool = Field(default=True, description="Whether the videos have sound.")

    def open(self, folder: Path) -> Reader:
        """Read the headers of all shards. Raises ``InputError`` for one that is missing or no plain tar."""
        patterns = expand_braces(self.shards)
        paths = [path for pattern in patterns for path in match_files(folder, pattern)]
        shards = [index_tar(path) for path in paths]
        shelves: dict[str, Shelf] = {}
        for task, (wanted, maker) in (_PASTED if self.pasted else _MAKERS).items():
            usable = [[one for one in shard if wanted(one, self)] for shard in shards]
            shelves[task] = Shelf(
                entries=[one for shard in usable for one in shard],
                record=_Bound(maker, self),
                place=lambda one: f"{one.path.name}, sample {one.key}",
                sizes=tuple(len(shard) for shard in usable if shard),
            )
        return Reader(name=self.shards, shelves=shelves)


@dataclass(frozen=True)
class _Bound:
    maker: Callable[[TarSample, WebDataset, np.random.Generator], Record]
    config: WebDataset

    def __call__(self, sample: TarSample, rng: np.random.Generator) -> Record:
        return self.maker(sample, self.config, rng)


def expand_braces(pattern: str) -> list[str]:
    """WebDataset's numbered shards: ``a-{08..10}.tar`` -> ``a-08.tar, a-09.tar, a-10.tar``."""
    found = re.search(r"\{(\d+)\.\.(\d+)\}", pattern)
    if found is None:
        return [pattern]
    first, last = found.groups()
    if int(last) < int(first) or int(last) - int(first) > 1_000_000:
        raise InputError("bad range of shards", got=found.group(), expected="{first..last}")
    numbers = [str(number).zfill(len(first)) for number in range(int(first), int(last) + 1)]
    return [
        each
        for number in numbers
        for each in expand_braces(pattern[: found.start()] + number + pattern[found.end() :])
    ]


def _first(sample: TarSample, suffixes: tuple[str, ...]) -> str | None:
    return next((suffix for suffix in suffixes if suffix in sample.members), None)


def _has_text(sample: TarSample, config: WebDataset) -> bool:
    return ("json" if config.caption_field else "txt") in sample.members


def _text(sample: TarSample, config: WebDataset) -> str:
    try:
        if config.caption_field is None:
            text = read_member(sample, "txt").decode()
        else:
            values: Any = json.loads(read_member(sample, "json"))
            text = str(cast(Mapping[str, Any], values)[config.caption_field])
    except (ValueError, LookupError, TypeError) as error:
        raise InputError("a sample without readable text", got=str(error)[:80]) from error
    if not text.strip():
        raise InputError("a sample with an empty text")
    return " ".join(text.split())


def _medium(sample: TarSample, suffixes: tuple[str, ...]) -> bytes:
    return read_member(sample, _first(sample, suffixes) or suffixes[0])


def _caption(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del rng
    return {"image": load_image(_medium(sample, PICTURES)), "caption": _text(sample, config)}


def _from_text(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del rng
    fields = {"description": _text(sample, config), "picture": load_image(_medium(sample, PICTURES))}
    return completed("image_from_text", fields)


def _audio_caption(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del rng
    sound = load_audio(_medium(sample, SOUNDS), rate=RATE)
    return completed("audio_caption", {"audio": sound, "caption": _text(sample, config)})


def _audio_from_text(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del rng
    sound = load_audio(_medium(sample, SOUNDS), rate=RATE)
    return completed("audio_from_text", {"sound": sound, "description": _text(sample, config)})


def _video_caption(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    fields = video_fields(_medium(sample, VIDEOS), rng=rng)
    return completed("video_caption", {**fields, "caption": _text(sample, config)})


def _next_frame(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del config
    return task_video("next_frame", _medium(sample, VIDEOS), rng=rng)


def _video_sound(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del config
    return completed("video_sound", task_video("video_sound", _medium(sample, VIDEOS), rng=rng))


def _segment_box(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del config
    try:
        listed: Any = json.loads(read_member(sample, "json"))["annotations"]
        drawn: Any = listed[int(rng.integers(len(listed)))]
        segmentation: Any = drawn["segmentation"]
    except (ValueError, LookupError, TypeError) as error:
        raise InputError("a sample without readable masks", got=str(error)[:80]) from error
    picture = load_image(_medium(sample, PICTURES))
    height, width = picture.shape[:2]
    mask = decode_mask(segmentation, height=height, width=width)
    return {"image": picture, "box": pixel_box(drawn, height=height, width=width), "mask": mask}


def _listed(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del config
    return list_record(load_image(_medium(sample, PICTURES)), rng)


def _counted(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del config
    return count_record(load_image(_medium(sample, PICTURES)), rng)


def _classify(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    label = _class(sample, config)
    options = drawn_options(label, config.classes, most=config.options, rng=rng)
    return {"image": load_image(_medium(sample, PICTURES)), "options": options, "label": label}


def _tag(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    del rng
    return {"image": load_image(_medium(sample, PICTURES)), "tags": (_class(sample, config),)}


def _class(sample: TarSample, config: WebDataset) -> str:
    raw = read_member(sample, "cls").strip()
    if not raw.isdigit() or int(raw) >= len(config.classes):
        raise InputError("unknown class", got=repr(raw[:20]), expected=f"0 to {len(config.classes) - 1}")
    return config.classes[int(raw)]


def _continue_text(sample: TarSample, config: WebDataset, rng: np.random.Generator) -> Record:
    return split_text(_text(sample, config), rng)


Maker = Callable[[TarSample, WebDataset, np.random.Generator], Record]
Wanted = Callable[[TarSample, WebDataset], bool]


def _with_text(suffixes: tuple[str, ...]) -> Wanted:
    return lambda sample, config: _first(sample, suffixes) is not None and _has_text(sample, config)


def _with_class(sample: TarSample, config: WebDataset) -> bool:
    return _first(sample, PICTURES) is not None and "cls" in sample.members and bool(config.classes)


def _pictured(sample: TarSample, config: WebDataset) -> bool:
    del config
    return _first(sample, PICTURES) is not None


def _with_masks(sample: TarSample, config: WebDataset) -> bool:
    return config.masks and "json" in sample.members and _first(sample, PICTURES) is not None


def _filmed(sample: TarSample, config: WebDataset) -> bool:
    del config
    return _first(sample, VIDEOS) is not None


def _filmed_with_sound(sample: TarSample, config: WebDataset) -> bool:
    return config.sound and _filmed(sample, config)


def _text_alone(sample: TarSample, config: WebDataset) -> bool:
    return _has_text(sample, config) and _first(sample, PICTURES + SOUNDS + VIDEOS) is None


_MAKERS: dict[str, tuple[Wanted, Maker]] = {
    "caption": (_with_text(PICTURES), _caption),
    "image_from_text": (_with_text(PICTURES), _from_text),
    "classify": (_with_class, _classify),
    "tag": (_with_class, _tag),
    "audio_caption": (_with_text(SOUNDS), _audio_caption),
    "audio_from_text": (_with_text(SOUNDS), _audio_from_text),
    "video_caption": (_with_text(VIDEOS), _video_caption),
    "next_frame": (_filmed, _next_frame),
    "video_sound": (_filmed_with_sound, _video_sound),
    "segment_box": (_with_masks, _segment_box),
    "continue_text": (_text_alone, _continue_text),
}

_PASTED: dict[str, tuple[Wanted, Maker]] = {
    "detect": (_pictured, _listed),
    "vqa": (_pictured, _counted),
}
