"""What one answer of a conversation is learnt from: words with media in their places, and the target.

Places become the pieces of the model's streams. The last picture before the answer is ``<image_input>``, up
to four before it are ``<image_history_1>`` on; sounds likewise; a video is its frames. Earlier ones are
left out, as in the paper's interleaved documents.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.data.sources.conversations.line import PLACE, Conversation, MediaKind, Turn
from unio.data.sources.media_values import media_source, read_picture, read_sound
from unio.data.sources.reader import Record
from unio.data.sources.video_fields import video_fields
from unio.data.tasks.inputs import box_text
from unio.media import check_boxes
from unio.schema import Picture, Waveform

__all__ = ["Parts", "answer_kind", "pixel_boxes", "read_parts"]

MOST_FRAMES = 5
"""Pictures, and sounds, that an example may hold: the current one and four before it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """What was said before an answer, and the answer.

    ``prompt`` holds pieces for its media; ``question`` is the last thing asked, ``answer`` the words
    answered, both without places. ``picture`` or ``sound`` is the target where the answer is one.
    """

    prompt: str
    question: str
    answer: str
    images: tuple[Picture, ...] = ()
    sounds: tuple[Waveform, ...] = ()
    picture: Picture | None = None
    sound: Waveform | None = None

    def streams(self) -> Record:
        """The media given, as the fields that all families name them by."""
        fields: Record = {}
        if self.images:
            fields |= {"image": self.images[-1], "image_history": self.images[:-1]}
        if self.sounds:
            fields |= {"audio": self.sounds[-1], "audio_history": self.sounds[:-1]}
        return fields


def answer_kind(turn: Turn) -> MediaKind | None:
    """What the answer of a turn is: a picture, a sound, or None for words.

    Raises ``InputError`` for an answer of several media, or a video, which the model does not make.
    """
    kinds: list[MediaKind] = [
        kind for kind in ("image", "audio", "video") for _ in range(turn.text.count(f"<{kind}>"))
    ]
    if len(kinds) > 1 or kinds == ["video"]:
        raise InputError("an answer is words, one picture or one sound", got=f"<{'> <'.join(kinds)}>")
    return kinds[0] if kinds else None


def read_parts(
    conversation: Conversation, answer: int, *, folder: Path | None, rng: np.random.Generator
) -> Parts:
    """The parts of the example whose target is turn number ``answer``. Raises ``InputError``."""
    turns = conversation.turns
    before = turns[:answer]
    reader = _PlaceReader(conversation, folder, rng)
    text = reader.fill(_transcript(before))
    target = turns[answer]
    kind = answer_kind(target)
    at = reader.used["image" if kind is None else kind]
    asked = next((turn.text for turn in reversed(before) if turn.role == "user"), before[-1].text)
    return Parts(
        prompt=text,
        question=_plain(asked),
        answer=_plain(target.text) if kind else reader.fill_objects(target.text),
        images=reader.images,
        sounds=reader.sounds,
        picture=read_picture(conversation.media["image"][at], folder=folder) if kind == "image" else None,
        sound=read_sound(conversation.media["audio"][at], folder=folder) if kind == "audio" else None,
    )


def pixel_boxes(values: Sequence[Any], picture: Picture) -> Float[np.ndarray, "count 4"]:
    """Boxes x1 y1 x2 y2 in pixels, as conversations have them, as rows y1 x1 y2 x2.

    Raises ``InputError`` for one that is none, or lies outside the picture.
    """
    try:
        boxes = np.asarray(values, np.float64).reshape(-1, 4)[:, [1, 0, 3, 2]]
    except (TypeError, ValueError):
        raise InputError("bad box", got=repr(values)[:60], expected="[x1, y1, x2, y2] in pixels") from None
    check_boxes(boxes, height=picture.shape[0], width=picture.shape[1])
    return boxes


def _transcript(turns: Sequence[Turn]) -> str:
    """One question stands as it is; a longer exchange says who speaks."""
    if len(turns) == 1:
        return turns[0].text
    names = {"user": "User: ", "assistant": "Assistant: ", "system": ""}
    return "\n".join(names[turn.role] + turn.text.strip() for turn in turns)


def _plain(text: str) -> str:
    return " ".join(PLACE.sub(" ", text).split())


class _PlaceReader:
    """Reads the media of the places it fills, in order; those too early to be kept are not even opened."""

    def __init__(self, conversation: Conversation, folder: Path | None, rng: np.random.Generator) -> None:
        self._conversation = conversation
        self._folder = folder
        self._rng = rng
        self.used: dict[str, int] = {"image": 0, "audio": 0, "video": 0, "ref-object": 0, "bbox": 0}
        self._frames: list[Picture | None] = []
        self._heard: list[Waveform | None] = []

    @property
    def images(self) -> tuple[Picture, ...]:
        return tuple(frame for frame in self._frames[-MOST_FRAMES:] if frame is not None)

    @property
    def sounds(self) -> tuple[Waveform, ...]:
        return tuple(sound for sound in self._heard[-MOST_FRAMES:] if sound is not None)

    def fill(self, text: str) -> str:
        """The text with pieces for places; names and boxes are filled once all pictures are known."""
        marked = re.sub(r"<(image|audio|video)>", self._medium, text)
        pieces: Mapping[str, Sequence[str]] = {
            "image": _pieces("image", len(self._frames)),
            "audio": _pieces("audio", len(self._heard)),
        }
        marked = re.sub(r"\0(image|audio) (\d+)\0", lambda found: pieces[found[1]][int(found[2])], marked)
        return " ".join(self.fill_objects(marked).split(" ")).strip()

    def fill_objects(self, text: str) -> str:
        """The text with the next objects' names, and boxes as location pieces of the last picture."""
        return re.sub(r"<(ref-object|bbox)>", self._object, text).strip()

    def _medium(self, found: re.Match[str]) -> str:
        kind: MediaKind = found[1]  # pyright: ignore[reportAssignmentType] - the pattern has only kinds
        value = self._conversation.media[kind][self.used[kind]]
        self.used[kind] += 1
        # A place that so many follow is never shown; a video counts as the one frame it surely has.
        following = found.string[found.end() :]
        if kind == "image":
            is_shown = following.count("<image>") + following.count("<video>") < MOST_FRAMES
            self._frames.append(read_picture(value, folder=self._folder) if is_shown else None)
            return f"\0image {len(self._frames) - 1}\0"
        if kind == "audio":
            is_heard = following.count("<audio>") < MOST_FRAMES
            self._heard.append(read_sound(value, folder=self._folder) if is_heard else None)
            return f"\0audio {len(self._heard) - 1}\0"
        return self._video(value)

    def _video(self, value: Any) -> str:
        source = media_source(value, folder=self._folder, what="video")
        fields = video_fields(source, rng=self._rng)
        first = len(self._frames), len(self._heard)
        self._frames += [*fields["image_history"], fields["image"]]
        if "audio" in fields:
            self._heard += [*fields["audio_history"], fields["audio"]]
        marks = [f"\0image {at}\0" for at in range(first[0], len(self._frames))]
        return " ".join(marks + [f"\0audio {at}\0" for at in range(first[1], len(self._heard))])

    def _object(self, found: re.Match[str]) -> str:
        key = "ref" if found[1] == "ref-object" else "bbox"
        value = self._conversation.objects[key][self.used[found[1]]]
        self.used[found[1]] += 1
        if key == "ref":
            return str(value)
        picture = self._frames[-1] if self._frames else None
        if picture is None:
            raise InputError("a box without a picture", fix="put <image> before <bbox>")
        return box_text(pixel_boxes([value], picture)[0], picture)


def _pieces(kind: str, count: int) -> list[str]:
    """The piece of each of ``count`` media; none for those too early to be kept."""
    dropped = max(0, count - MOST_FRAMES)
    history = [f"<{kind}_history_{number}>" for number in range(1, count - dropped)]
    return [""] * dropped + history + [f"<{kind}_input>"] * (count > 0)
