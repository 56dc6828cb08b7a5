r"""One conversation: turns of text in which ``<image>``, ``<audio>`` and ``<video>`` stand for media.

Three dialects are read and become the first:

- our own: ``{"messages": [{"role": "user", "content": "<image>What is this?"}, ..], "images": ["a.jpg"],
  "videos": [], "audios": [], "objects": {..}, "task": ..}``;
- ShareGPT and LLaVA: ``{"conversations": [{"from": "human", "value": "<image>\n.."}, {"from": "gpt", ..}],
  "image": "a.jpg"}``;
- OpenAI: a message's ``content`` is a list of parts, ``{"type": "text", "text": ..}`` and
  ``{"type": "image_url", "image_url": {"url": ..}}``.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from unio.core import InputError

__all__ = ["KINDS", "PLACE", "Conversation", "MediaKind", "Turn", "read_conversation"]

MediaKind = Literal["image", "audio", "video"]

KINDS: tuple[MediaKind, ...] = ("image", "audio", "video")

PLACE = re.compile(r"<(image|audio|video|ref-object|bbox)>")
"""What stands for something: a medium, or the next of the objects' names and boxes."""

_ROLES = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "model": "assistant",
    "system": "system",
    "developer": "system",
}

_PART_KINDS: dict[str, MediaKind] = {
    "image_url": "image",
    "input_image": "image",
    "image": "image",
    "input_audio": "audio",
    "audio_url": "audio",
    "audio": "audio",
    "video_url": "video",
    "video": "video",
}

_KEYS: dict[MediaKind, tuple[str, ...]] = {
    "image": ("images", "image"),
    "audio": ("audios", "audio", "sound"),
    "video": ("videos", "video"),
}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one side says; places still stand in ``text``."""

    role: Literal["user", "assistant", "system"]
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Conversation:
    """Turns, the media by kind in the order of their places, the objects, and the family if one is named."""

    turns: tuple[Turn, ...]
    media: Mapping[MediaKind, tuple[Any, ...]]
    objects: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    task: str | None = None

    @property
    def answers(self) -> tuple[int, ...]:
        """The turns that an example can be made of: the assistant's that follow something said."""
        return tuple(at for at, turn in enumerate(self.turns) if turn.role == "assistant" and at > 0)


def read_conversation(row: Mapping[str, Any]) -> Conversation:
    """A row of any dialect as a conversation.

    Raises ``InputError`` for turns of an unknown role or kind, a conversation without an answer, or places
    and media that do not agree in number.
    """
    media: dict[MediaKind, list[Any]] = {kind: _given(row, kind) for kind in KINDS}
    if isinstance(row.get("messages"), list):
        turns = [_openai_turn(message, media) for message in row["messages"]]
    elif isinstance(row.get("conversations"), list):
        turns = [_sharegpt_turn(message) for message in row["conversations"]]
    else:
        raise InputError(
            "no conversation", got=", ".join(row) or "an empty row", expected="'messages' or 'conversations'"
        )
    conversation = Conversation(
        turns=tuple(turns),
        media={kind: tuple(listed) for kind, listed in media.items()},
        objects=_objects(row.get("objects")),
        task=None if row.get("task") in (None, "") else str(row["task"]),
    )
    if not conversation.answers:
        raise InputError("a conversation without answer", expected="an assistant's turn behind a user's")
    _check_places(conversation)
    return conversation


def _check_places(conversation: Conversation) -> None:
    text = " ".join(turn.text for turn in conversation.turns)
    for kind in KINDS:
        places, given = text.count(f"<{kind}>"), len(conversation.media[kind])
        if places != given:
            raise InputError(
                f"{places} places <{kind}> for {given} {_KEYS[kind][0]}",
                expected="as many places as media",
                fix=f"write <{kind}> where each of them belongs",
            )
    for place, key in (("ref-object", "ref"), ("bbox", "bbox")):
        places, given = text.count(f"<{place}>"), len(conversation.objects.get(key, ()))
        if places and places != given:
            raise InputError(f"{places} places <{place}> for {given} objects.{key}")


def _given(row: Mapping[str, Any], kind: MediaKind) -> list[Any]:
    """The media of one kind: a list, or a single one."""
    for key in _KEYS[kind]:
        value: Any = row.get(key)
        if value is not None:
            return list(cast(list[Any], value)) if isinstance(value, list) else [value]
    return []


def _sharegpt_turn(message: Any) -> Turn:
    turn = cast(dict[str, Any], message) if isinstance(message, dict) else {}
    if not isinstance(turn.get("value"), str):
        raise InputError(
            "bad turn", got=repr(cast(object, message))[:60], expected="{'from': .., 'value': text}"
        )
    return Turn(role=_role(turn.get("from")), text=turn["value"])


def _openai_turn(message: Any, media: dict[MediaKind, list[Any]]) -> Turn:
    if not isinstance(message, dict):
        raise InputError("bad turn", got=repr(message)[:60], expected="{'role': .., 'content': ..}")
    turn = cast(dict[str, Any], message)
    content: Any = turn.get("content")
    if isinstance(content, str):
        return Turn(role=_role(turn.get("role")), text=content)
    if not isinstance(content, list):
        raise InputError("bad content", got=type(content).__name__, expected="text or a list of parts")
    return Turn(
        role=_role(turn.get("role")), text="".join(_part(one, media) for one in cast(list[Any], content))
    )


def _part(part: Any, media: dict[MediaKind, list[Any]]) -> str:
    """The text of a content part; a medium is added to ``media`` and leaves its place."""
    given = cast(dict[str, Any], part) if isinstance(part, dict) else {}
    kind = str(given.get("type"))
    if kind in ("text", "input_text", "output_text") and isinstance(given.get("text"), str):
        return str(given["text"])
    if kind not in _PART_KINDS:
        raise InputError(
            "unknown content part",
            got=repr(cast(object, part))[:60],
            expected=f"text, {', '.join(_PART_KINDS)}",
        )
    value: Any = given.get(kind, given.get("image"))
    if isinstance(value, dict):
        inner = cast(dict[str, Any], value)
        value = inner.get("url") or inner.get("data") or inner
        if "data" in inner and isinstance(value, str):
            value = _from_base64(value)
    if value is None:
        return f"<{_PART_KINDS[kind]}>"  # Hugging Face's chat templates keep the media in a list beside
    if isinstance(value, str) and value.startswith("data:"):
        value = _from_base64(value.partition(",")[2])
    media[_PART_KINDS[kind]].append(value)
    return f"<{_PART_KINDS[kind]}>"


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InputError("a medium is not valid base64", got=repr(text[:20])) from error


def _role(given: Any) -> Literal["user", "assistant", "system"]:
    role = _ROLES.get(str(given))
    if role is None:
        raise InputError("unknown role", got=repr(given), expected=", ".join(_ROLES))
    return cast(Literal["user", "assistant", "system"], role)


def _objects(value: Any) -> dict[str, tuple[Any, ...]]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError("bad objects", got=type(value).__name__, expected="{'ref': [..], 'bbox': [..], ..}")
    objects: dict[str, tuple[Any, ...]] = {}
    for name, listed in cast(dict[str, Any], value).items():
        if name not in ("ref", "bbox", "keypoints", "mask", "cuboid"):
            raise InputError(
                "unknown kind of object", got=repr(name), expected="ref, bbox, keypoints, mask, cuboid"
            )
        if listed is not None and not isinstance(listed, list):
            raise InputError(f"objects.{name} is no list", got=type(listed).__name__)
        objects[name] = tuple(cast(list[Any], listed or []))
    return objects
