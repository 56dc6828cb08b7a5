"""`Prediction`: a task's parsed answer, which draws, saves and tells itself."""

import io
import json
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Shaped

from unio.core import InputError
from unio.media.drawing import (
    add_caption,
    colour_depth,
    colour_flow,
    colour_normals,
    draw_arrows,
    draw_boxes,
    draw_cuboids,
    draw_mask_overlay,
    draw_points,
    draw_text,
    draw_waveform_spectrogram,
)
from unio.media.drawing.canvas import Drawing
from unio.media.saving import (
    IMAGE_SUFFIXES,
    SOUND_SUFFIXES,
    encode_audio,
    encode_image,
    write_whole,
)
from unio.schema import Picture, Waveform

__all__ = ["Prediction"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Prediction:
    """What a task makes of the model's answer; the fields of its kind are set, the others are None.

    Everything spatial is in pixels of the original picture ``source``: boxes are rows y1 x1 y2 x2,
    points rows y x, and the maps have its height and width. ``labels`` name the boxes or points.
    ``corners`` are those of boxes in space as they are seen, ``flow`` is how far every pixel moved (down
    and across). ``depth`` is in metres, ``normals`` are unit vectors (x right, y up, z to the camera),
    ``pose`` and ``action`` hold the task's own numbers; an action of 4 numbers is a push from y1 x1 to
    y2 x2, one of 6 a grip at y x r that is put down at y x r, one of 7 a hand's move along x y z, its turns
    about them in radians and its gripper, from 0 (open) to 1 (closed).
    ``told`` is the answer in a person's words where ``text`` is location pieces. ``scores`` are the
    model's, by answer option.

    Example::

        prediction = predictor.run("detect", image="desk.jpg")
        prediction.boxes                    # (3, 4)
        prediction.save("desk_boxes.png")   # the picture with the boxes drawn
    """

    task: str
    text: str | None = None
    told: str | None = None
    boxes: Float[np.ndarray, "count 4"] | None = None
    labels: tuple[str, ...] = ()
    points: Float[np.ndarray, "count 2"] | None = None
    corners: Float[np.ndarray, "count 8 2"] | None = None
    image: Picture | None = None
    audio: Waveform | None = None
    depth: Float[np.ndarray, "height width"] | None = None
    normals: Float[np.ndarray, "height width 3"] | None = None
    flow: Float[np.ndarray, "height width 2"] | None = None
    mask: Bool[np.ndarray, "height width"] | None = None
    pose: Float[np.ndarray, " values"] | None = None
    action: Float[np.ndarray, "steps numbers"] | None = None
    scores: dict[str, float] = field(default_factory=dict[str, float])
    source: Picture | None = None

    @property
    def arrows(self) -> Float[np.ndarray, "count 4"] | None:
        """The action as ways from y1 x1 to y2 x2, where it is a push or a grip and where it goes."""
        if self.action is None or self.action.shape[-1] not in (4, 6):
            return None
        return self.action if self.action.shape[-1] == 4 else self.action[:, [0, 1, 3, 4]]

    def describe(self) -> str:
        """The answer as a person reads it: words, or a line for each place; nothing for a map or a sound.

        Example::

            21.4,83.2,56.0,107.1  red ball
            (y1,x1,y2,x2 in pixels)
        """
        for places, names in (
            (self.boxes, "y1,x1,y2,x2"),
            (self.points, "y,x"),
            (self.arrows, "from y1,x1 to y2,x2"),
        ):
            if places is not None and len(places):
                rows = [",".join(f"{value:.1f}" for value in place) for place in places.tolist()]
                named = zip_longest(rows, self.labels, fillvalue="")  # as drawn: a label may be missing
                lines = [f"{row}  {label}".rstrip() for row, label in named]
                return "\n".join([*lines, f"({names} in pixels)"])
        return self.told or self.text or ""

    def draw(self) -> Drawing:
        """The answer as a picture: drawn on the source where there is one, text as a caption.

        Small pictures come back enlarged where something is written on them.
        """
        picture = self._base()
        if self.mask is not None:
            below = np.zeros((*self.mask.shape, 3), np.uint8) if picture is None else picture
            picture = draw_mask_overlay(below, self.mask)
        if picture is not None:
            picture = self._draw_places(picture)
        if self._map() is not None and picture is not None:
            return picture
        words = self._words()
        if picture is None:
            return draw_text(words)
        return add_caption(picture, words, min_width=256) if words else picture

    def save(self, path: str | Path) -> Path:
        """Write the answer to a file, whole or not at all; the suffix says as what.

        A picture (``.png``, ``.jpg``, ``.webp``, ``.bmp``) is ``image``, or what ``draw`` draws; a sound
        (``.wav``, ``.flac``, ``.ogg``) is ``audio``; ``.npy`` holds the numbers of depth, normals,
        flow or mask; ``.txt`` the text; ``.json`` what ``to_json`` gives. Raises ``InputError`` for another
        suffix, or one this answer has nothing for.
        """
        path = Path(path)
        return write_whole(path, self._encode(path.suffix.lower()))

    def to_json(self) -> dict[str, Any]:
        """The answer as plain values; pictures, maps and sounds are told by their size."""
        told: dict[str, Any] = {"task": self.task}
        if self.text is not None:
            told["text"] = self.text
        if self.told is not None:
            told["told"] = self.told
        for name in ("boxes", "points", "corners", "pose", "action"):
            numbers = getattr(self, name)
            if numbers is not None:
                told[name] = np.asarray(numbers, np.float64).round(4).tolist()
        if self.labels:
            told["labels"] = list(self.labels)
        for name in ("image", "depth", "normals", "flow", "mask"):
            array = getattr(self, name)
            if array is not None:
                told[name] = {"height": int(array.shape[0]), "width": int(array.shape[1])}
        if self.audio is not None:
            told["audio"] = {"seconds": round(self.audio.seconds, 4), "rate": self.audio.rate}
        if self.scores:
            told["scores"] = {name: float(score) for name, score in self.scores.items()}
        return told

    def _base(self) -> Drawing | None:
        """The picture everything else is drawn on."""
        if self.image is not None:
            return self.image
        if self.depth is not None:
            return colour_depth(self.depth)
        if self.normals is not None:
            return colour_normals(self.normals)
        if self.flow is not None:
            return colour_flow(self.flow)
        if self.audio is not None:
            return draw_waveform_spectrogram(self.audio)
        return self.source

    def _draw_places(self, picture: Drawing) -> Drawing:
        """Boxes, points or a push, drawn on ``picture``."""
        if self.boxes is not None:
            return draw_boxes(picture, self.boxes, labels=self.labels)
        if self.points is not None:
            return draw_points(picture, self.points, labels=self.labels)
        if self.corners is not None:
            return draw_cuboids(picture, self.corners)
        return picture if self.arrows is None else draw_arrows(picture, self.arrows)

    def _map(self) -> Shaped[np.ndarray, "..."] | None:
        """The dense map this answer is, which no words are put under."""
        for array in (self.image, self.depth, self.normals, self.flow, self.mask):
            if array is not None:
                return array
        return None

    def _words(self) -> str:
        """The text to show: location pieces stay out where their boxes are drawn."""
        if any(one is not None for one in (self.boxes, self.points, self.corners, self.arrows)):
            return ""
        return self.told or self.text or ""

    def _encode(self, suffix: str) -> bytes:
        if suffix in IMAGE_SUFFIXES:
            return encode_image(self.draw() if self.image is None else self.image, suffix=suffix)
        if suffix == ".json":
            return (json.dumps(self.to_json(), indent=2) + "\n").encode()
        if suffix in SOUND_SUFFIXES and self.audio is not None:
            return encode_audio(self.audio, suffix=suffix)
        if suffix == ".txt" and self.text is not None:
            return (self.text + "\n").encode()
        if suffix == ".npy":
            for numbers in (self.depth, self.normals, self.flow, self.mask):
                if numbers is not None:
                    content = io.BytesIO()
                    np.save(content, numbers, allow_pickle=False)
                    return content.getvalue()
        raise InputError(
            f"cannot save the answer of {self.task!r} in this format",
            got=repr(suffix),
            expected=f"one of {', '.join(self._suffixes())}",
        )

    def _suffixes(self) -> list[str]:
        """What this answer can be saved as."""
        suffixes = [*IMAGE_SUFFIXES, ".json"]
        if self.audio is not None:
            suffixes += SOUND_SUFFIXES
        if self.text is not None:
            suffixes.append(".txt")
        if any(one is not None for one in (self.depth, self.normals, self.flow, self.mask)):
            suffixes.append(".npy")
        return suffixes
