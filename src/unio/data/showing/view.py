"""`view_features`: one example as the model gets it, told and drawn.

Everything is made from the features, not from the example, so that what is shown is what is learnt from:
words beyond the text's length are missing, padding and left-out patches are grey.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from jaxtyping import Bool, Float

from unio.data.denoise import ShownMedium, SpanTokenizer
from unio.data.packing.sizes import measure
from unio.data.showing.patches import GREY, picture_of_patches, spectrogram_of_patches
from unio.media import draw_spectrogram
from unio.media.normalise import from_target
from unio.schema import (
    AudioGeometry,
    Features,
    Geometry,
    PatchFeatures,
    Picture,
    TargetFeatures,
    TargetModality,
    prompt_prefix,
)

__all__ = ["FeaturesView", "Piece", "TargetDecoder", "view_features"]


class TargetDecoder(Protocol):
    """A model's codecs: what a target is after it was written in codes and read back."""

    def __call__(self, target: TargetFeatures) -> Float[np.ndarray, "..."]:
        """Media of the same shape and range as ``target.media``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One token: its id and its text; ``is_added`` tells media, locations, sentinels and prefixes."""

    id: int
    text: str
    is_added: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class FeaturesView:
    """An example as the model gets it.

    ``answer`` are the pieces of a text target; ``targets`` a target medium as its codec gets it and, where a
    decoder was given, as it comes back from its codes. ``codes`` is their number, ``encoder_length`` that of
    the valid places the encoder reads.
    """

    name: str
    title: str
    prompt: tuple[Piece, ...]
    inputs: tuple[ShownMedium, ...]
    answer: tuple[Piece, ...]
    targets: tuple[ShownMedium, ...]
    codes: int
    encoder_length: int
    is_cut: bool


def view_features(
    features: Features,
    *,
    tokenizer: SpanTokenizer,
    geometry: Geometry,
    decoder: TargetDecoder | None = None,
) -> FeaturesView:
    """What the model gets and what it is to answer; ``decoder`` shows the target as its codes hold it."""
    target = features.target
    sizes = measure(features, geometry=geometry)
    modality = TargetModality.TEXT if target is None else target.modality
    return FeaturesView(
        name=features.task,
        title=prompt_prefix(modality, features.paradigm),
        prompt=_pieces(features.text.tolist(), tokenizer),
        inputs=tuple(_inputs(features, geometry)),
        answer=() if target is None or target.ids is None else _pieces(target.ids.tolist(), tokenizer),
        targets=() if target is None or target.media is None else tuple(_targets(target, geometry, decoder)),
        codes=sizes.decoder,
        encoder_length=sizes.encoder,
        is_cut=len(features.text) >= geometry.text_length,
    )


def _pieces(ids: Iterable[int], tokenizer: SpanTokenizer) -> tuple[Piece, ...]:
    layout = tokenizer.layout
    return tuple(
        Piece(
            id=one,
            text="end" if one == layout.end_id else tokenizer.decode([one]),
            is_added=one >= layout.base_size or one == layout.end_id,
        )
        for one in ids
    )


def _inputs(features: Features, geometry: Geometry) -> Iterator[ShownMedium]:
    """The media in the encoder's time order."""
    pictures, sounds = geometry.image, geometry.audio
    for name, stream, grid in (
        ("image history", features.image_history, pictures.history_grid),
        ("image", features.image, pictures.input_grid),
    ):
        for frame in range(0 if stream is None else len(stream.mask)):
            assert stream is not None, "no frames otherwise"
            picture = picture_of_patches(stream, frame, grid=grid, patch_size=pictures.patch_size)
            yield ShownMedium(label=_label(name, stream, frame, grid), picture=picture)
    for name, stream in (("audio history", features.audio_history), ("audio", features.audio)):
        for frame in range(0 if stream is None else len(stream.mask)):
            assert stream is not None, "no segments otherwise"
            drawn = spectrogram_of_patches(stream, frame, geometry=sounds)
            yield ShownMedium(label=_label(name, stream, frame, sounds.input_grid), picture=drawn)


def _label(name: str, stream: PatchFeatures, frame: int, grid: tuple[int, int]) -> str:
    number = f" {frame + 1}" if len(stream.mask) > 1 else ""
    return f"{name}{number}: {int(stream.mask[frame].sum())} of {grid[0] * grid[1]} patches"


def _targets(
    target: TargetFeatures, geometry: Geometry, decoder: TargetDecoder | None
) -> Iterator[ShownMedium]:
    assert target.media is not None, "a medium"
    is_image = target.modality is TargetModality.IMAGE
    grid = (geometry.image if is_image else geometry.audio).code_grid
    hidden = "" if target.hidden is None else "; grey: codes hidden from later ones"
    yield ShownMedium(
        label=f"what its codec gets{hidden}", picture=_drawn(target.media, target.hidden, is_image, geometry)
    )
    if decoder is not None:
        picture = _drawn(decoder(target), None, is_image, geometry)
        yield ShownMedium(label=f"decoded from its {grid[0]} x {grid[1]} codes", picture=picture)


def _drawn(
    media: Float[np.ndarray, "..."],
    hidden: Bool[np.ndarray, " codes"] | None,
    is_image: bool,
    geometry: Geometry,
) -> Picture:
    """A target medium as a picture, its hidden codes grey."""
    if is_image:
        picture, cells = from_target(media), _cells(hidden, geometry.image.code_grid)
    else:
        picture = _spectrogram(media, geometry.audio)
        cells = _cells(hidden, geometry.audio.code_grid).T[::-1]
    down, across = len(picture), len(picture[0])
    rows, columns = np.arange(down) * len(cells) // down, np.arange(across) * len(cells[0]) // across
    return np.where(cells[np.ix_(rows, columns)][..., None], np.uint8(GREY), picture)


def _cells(
    hidden: Bool[np.ndarray, " codes"] | None, grid: tuple[int, int]
) -> Bool[np.ndarray, "down across"]:
    return np.zeros(grid, dtype=bool) if hidden is None else hidden.reshape(grid)


def _spectrogram(media: Float[np.ndarray, "frames mels"], geometry: AudioGeometry) -> Picture:
    return draw_spectrogram(media * geometry.target_std + geometry.target_mean)
