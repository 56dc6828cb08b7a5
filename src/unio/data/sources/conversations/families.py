"""Conversations that name a family: their words, media and objects as that family's record.

===================================  ======================================================================
family                               taken from
===================================  ======================================================================
caption, region_caption, ..          the answer's words; the first ``objects.bbox`` where it is about a box
vqa, video_vqa, image_pair_vqa       the question's and the answer's words
refer, segment, point, ..            the first ``objects.ref`` (else the question) and the first box or mask
detect, localise                     all of ``objects.ref`` and ``objects.bbox``
image_from_text, image_edit, ..      the question's words, the answer's picture
audio_from_text, speak               the question's words, the answer's sound
===================================  ======================================================================

Boxes are x1 y1 x2 y2, key points x y v, in pixels of the last picture; a mask is a picture's file, white on
the thing, or COCO run lengths.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from unio.core import InputError
from unio.data.sources.captioned import completed
from unio.data.sources.coco.masks import decode_mask
from unio.data.sources.conversations.line import Conversation
from unio.data.sources.conversations.parts import Parts, pixel_boxes
from unio.data.sources.media_values import read_picture
from unio.data.sources.reader import Record

__all__ = ["FAMILIES", "family_record"]

Fields = Callable[["_Taken"], Record]


def family_record(task: str, conversation: Conversation, parts: Parts, *, folder: Path | None) -> Record:
    """The record of ``task``. Raises ``InputError`` where the conversation has not what it needs."""
    taken = _Taken(conversation, parts, folder)
    return completed(task, {**parts.streams(), **FAMILIES[task](taken)})


class _Taken:
    """What a family may take from a conversation, each with its own complaint where it is missing."""

    def __init__(self, conversation: Conversation, parts: Parts, folder: Path | None) -> None:
        self._objects = conversation.objects
        self._folder = folder
        self.parts = parts

    @property
    def answer(self) -> str:
        return self._filled(self.parts.answer, "words in the answer")

    @property
    def question(self) -> str:
        return self._filled(self.parts.question, "words in the question")

    @property
    def picture(self) -> Any:
        return self._filled(self.parts.picture, "a picture in the answer")

    @property
    def sound(self) -> Any:
        return self._filled(self.parts.sound, "a sound in the answer")

    @property
    def name(self) -> str:
        return str(self._objects["ref"][0]) if self._objects.get("ref") else self.question

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(one) for one in self._objects.get("ref", ()))

    @property
    def image(self) -> Any:
        return self._filled(self.parts.images[-1] if self.parts.images else None, "a picture in the question")

    @property
    def boxes(self) -> np.ndarray:
        return pixel_boxes(self._objects.get("bbox", ()), self.image)

    @property
    def box(self) -> np.ndarray:
        boxes: Any = self.boxes
        return self._filled(boxes[0] if len(boxes) else None, "a box in objects.bbox")

    @property
    def mask(self) -> np.ndarray:
        value: Any = self._filled(next(iter(self._objects.get("mask", ())), None), "a mask in objects.mask")
        height, width = self.image.shape[:2]
        if isinstance(value, list) or (isinstance(value, dict) and "counts" in value):
            return decode_mask(cast(Any, value), height=height, width=width)
        mask = read_picture(value, folder=self._folder).mean(axis=2) > 127.5
        if mask.shape != (height, width):
            raise InputError(
                "mask and picture differ in size", got=mask.shape, expected=f"{height} x {width}"
            )
        return mask

    @property
    def keypoints(self) -> np.ndarray:
        value: Any = self._filled(next(iter(self._objects.get("keypoints", ())), None), "objects.keypoints")
        points = np.asarray(value, np.float64)
        if points.size != 51:
            raise InputError("bad keypoints", got=f"{points.size} numbers", expected="17 x (x, y, v)")
        return points.reshape(17, 3)

    @staticmethod
    def _filled(value: Any, what: str) -> Any:
        if value is None or (isinstance(value, str) and not value):
            raise InputError(f"the family needs {what}")
        return value


def _keypoints(taken: _Taken) -> Record:
    triples = taken.keypoints
    return {"box": taken.box, "points": triples[:, 1::-1], "known": triples[:, 2] > 0}


def _segment(taken: _Taken) -> Record:
    return {"expression": taken.name, "mask": taken.mask}


def _question(taken: _Taken) -> Record:
    return {"question": taken.question, "answer": taken.answer}


def _caption(taken: _Taken) -> Record:
    return {"caption": taken.answer}


def _tags(taken: _Taken) -> Record:
    return {"tags": tuple(tag.strip() for tag in taken.answer.split(",") if tag.strip())}


def _edited(taken: _Taken) -> Record:
    return {"instruction": taken.question, "picture": taken.picture}


FAMILIES: Mapping[str, Fields] = {
    "caption": _caption,
    "video_caption": _caption,
    "audio_caption": _caption,
    "image_pair_difference": _caption,
    "region_caption": lambda taken: {"box": taken.box, "caption": taken.answer},
    "region_class": lambda taken: {"box": taken.box, "label": taken.answer},
    "vqa": _question,
    "video_vqa": _question,
    "image_pair_vqa": _question,
    "tag": _tags,
    "audio_tag": _tags,
    "video_class": lambda taken: {"label": taken.answer},
    "transcribe": lambda taken: {"transcript": taken.answer},
    "instruct": lambda taken: {"instruction": taken.question, "response": taken.answer},
    "refer": lambda taken: {"expression": taken.name, "box": taken.box},
    "detect": lambda taken: {"boxes": taken.boxes, "labels": taken.names},
    "localise": lambda taken: {"name": taken.name, "boxes": taken.boxes},
    "segment": _segment,
    "segment_refer": _segment,
    "segment_box": lambda taken: {"box": taken.box, "mask": taken.mask},
    "keypoints": _keypoints,
    "image_from_text": lambda taken: {"description": taken.question, "picture": taken.picture},
    "image_edit": _edited,
    "goal_image": _edited,
    "audio_from_text": lambda taken: {"description": taken.question, "sound": taken.sound},
}
"""Family -> what it takes."""
