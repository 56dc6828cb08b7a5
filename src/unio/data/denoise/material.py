"""What a denoiser starts from: media and text that belong together, no prompt and no target yet."""

import re
from dataclasses import dataclass
from typing import Protocol

from unio.data.mixture import family_of
from unio.data.source import Source
from unio.schema import Example, Picture, Waveform

__all__ = [
    "AnyMaterial",
    "Document",
    "ExampleMaterials",
    "Material",
    "MaterialSource",
    "Video",
    "document_of",
    "material_of",
]

ADDED = re.compile(r"\[\w+\] \[[SRX]\]|<(?:image|audio)_(?:input|history_\d)>")
"""Prefix and media pieces of a prompt."""

PREFIX = re.compile(r"^\[\w+\] \[[SRX]\]")
PICTURE_PIECES = re.compile(r"(<image_input>|<image_history_\d>)")
TALK = frozenset({"converse", "converse_image"})
"""Families whose prompts are the parts of a talk or a document, in their order."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """What one example offers: any of these may be the target or an input, and any may be missing.

    ``name`` says where it comes from. ``context`` is text before ``text`` that is only ever an input;
    media named in it by their pieces stay where it names them. Histories are oldest first.
    """

    name: str
    text: str | None = None
    context: str = ""
    image: Picture | None = None
    image_history: tuple[Picture, ...] = ()
    audio: Waveform | None = None
    audio_history: tuple[Waveform, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Document:
    """Paragraphs and pictures in reading order."""

    name: str
    parts: tuple[str | Picture, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Video:
    """All frames of a clip at even distances, its sound over the same time, and what is said of it."""

    name: str
    frames: tuple[Picture, ...]
    sound: Waveform | None = None
    text: str | None = None


AnyMaterial = Material | Document | Video


class MaterialSource(Protocol):
    """Where material comes from: a pure function of its arguments, and picklable."""

    def material(self, name: str, seed: int, index: int) -> AnyMaterial:
        """Material number ``index`` of the set ``name``."""
        ...


@dataclass(frozen=True, kw_only=True)
class ExampleMaterials:
    """The examples of a source as material: ``name`` is the task.

    Talk with pictures in it, which is what interleaved documents are read as, is a document.
    """

    source: Source

    def material(self, name: str, seed: int, index: int) -> Material | Document:
        """Example number ``index`` of task ``name``, its prompt and target taken apart."""
        example = self.source.example(name, seed, index)
        return document_of(example) or material_of(example)


def material_of(example: Example) -> Material:
    """An example without its roles: the phrase and the text target one text, all pictures one history.

    Example::

        prompt "[Text] [S] Describe the picture. <image_input>", target "A red ball."
        ->  text "Describe the picture. A red ball.", image

        prompt "[Image] [S] What happens next? <image_history_1> <image_input>", target a picture
        ->  text "What happens next?", image_history (first, second), image: the target
    """
    phrase = " ".join(ADDED.sub(" ", example.prompt).split())
    text = " ".join(part for part in (phrase, example.target_text or "") if part)
    pictures = [*example.image_history, example.image, example.target_image]
    sounds = [*example.audio_history, example.audio, example.target_audio]
    *image_history, image = [picture for picture in pictures if picture is not None] or [None]
    *audio_history, audio = [sound for sound in sounds if sound is not None] or [None]
    return Material(
        name=example.task,
        text=text or None,
        image=image,
        image_history=tuple(one for one in image_history if one is not None),
        audio=audio,
        audio_history=tuple(one for one in audio_history if one is not None),
    )


def document_of(example: Example) -> Document | None:
    """Talk with pictures in their places as one document; None for anything else.

    Example::

        prompt "[Text] [S] A cat. <image_input> A dog.", target "It barks."
        ->  parts "A cat.", picture, "A dog.", "It barks."
    """
    pictures = {f"<image_history_{place}>": one for place, one in enumerate(example.image_history, start=1)}
    if example.image is not None:
        pictures["<image_input>"] = example.image
    has_sound = bool(example.audio_history) or example.audio is not None or example.target_audio is not None
    if family_of(example.task) not in TALK or not pictures or has_sound:
        return None
    said = [PREFIX.sub("", part).strip() for part in PICTURE_PIECES.split(example.prompt)]
    parts: list[str | Picture] = [pictures.get(part, part) for part in said if part]
    last = example.target_text if example.target_image is None else example.target_image
    return Document(name=example.task, parts=(*parts, *(() if last is None else (last,))))
