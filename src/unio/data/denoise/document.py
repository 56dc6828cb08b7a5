"""From an interleaved document to material: one part is the target, what stands before it the context.

A random picture or paragraph is the target; up to 4 pictures (before a picture) or 5 (before a
paragraph) are kept, the nearest ones (``spec/tasks_and_data.md``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unio.core import InputError
from unio.data.denoise.config import DenoiserConfig
from unio.data.denoise.material import Document, Material
from unio.schema import Geometry, Picture, TargetModality

__all__ = ["DocumentTarget", "choose_part"]


@dataclass(frozen=True, kw_only=True, eq=False)
class DocumentTarget:
    """A document's material and which modality of it is the target."""

    material: Material
    target: TargetModality


def choose_part(
    document: Document, *, config: DenoiserConfig, geometry: Geometry, rng: np.random.Generator
) -> DocumentTarget:
    """Draw the target among the parts, by the weights of their modalities, and keep what stands before it.

    Example, parts ``A (picture 1) B (picture 2) C`` with C drawn::

        context "A <image_history_1> B <image_input>"   text "C"   image_history (1)   image 2

    and with picture 2 drawn: context ``"A <image_history_1> B"``, image 2 the target. Raises
    ``InputError`` for a document with no part that may be a target.
    """
    places = [place for place, part in enumerate(document.parts) if not isinstance(part, str) or part.strip()]
    weights = np.array([config.targets.get(_modality(document.parts[place]), 0.0) for place in places])
    if weights.sum() <= 0:
        raise InputError(
            f"document {document.name!r} has nothing to predict",
            got=f"{len(places)} parts with something in them",
            expected="a paragraph or a picture, of a modality with a weight in denoiser.targets",
        )
    place = places[int(rng.choice(len(places), p=weights / weights.sum()))]
    target = _modality(document.parts[place])
    return DocumentTarget(material=_material(document, place, config, geometry), target=target)


def _modality(part: str | Picture) -> TargetModality:
    return TargetModality.TEXT if isinstance(part, str) else TargetModality.IMAGE


def _material(document: Document, place: int, config: DenoiserConfig, geometry: Geometry) -> Material:
    part, before = document.parts[place], document.parts[:place]
    frames = geometry.image.history_frames
    if isinstance(part, str):
        # The last picture has the full-size stream to itself; the target does not need it.
        kept, names = _keep(before, min(config.document_images_for_text, frames + 1))
        *history, image = kept or [None]
        names[-1:] = ["<image_input>"] * bool(names)
    else:
        kept, names = _keep(before, min(config.document_images_for_image, frames))
        history, image = kept, part
    return Material(
        name=document.name,
        text=part if isinstance(part, str) else None,
        context=_context(before, names),
        image=image,
        image_history=tuple(picture for picture in history if picture is not None),
    )


def _keep(parts: Sequence[str | Picture], most: int) -> tuple[list[Picture], list[str]]:
    """The nearest pictures and the pieces that name them."""
    pictures = [part for part in parts if not isinstance(part, str)]
    kept = pictures[len(pictures) - min(most, len(pictures)) :]
    return kept, [f"<image_history_{number}>" for number in range(1, len(kept) + 1)]


def _context(parts: Sequence[str | Picture], names: Sequence[str]) -> str:
    """Text before the target, each kept picture by its piece; pictures that are not kept leave no trace."""
    missing = sum(not isinstance(part, str) for part in parts) - len(names)
    pieces = iter([""] * missing + list(names))
    return " ".join(" ".join(part if isinstance(part, str) else next(pieces) for part in parts).split())
