"""`collate`: features of several examples as one `Batch` of NumPy arrays (spec sections 6 and 8)."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int, Shaped

from unio.schema import (
    Batch,
    Features,
    Geometry,
    InputModality,
    PatchFeatures,
    Stream,
    Target,
    TargetFeatures,
    TargetModality,
)

__all__ = ["collate", "encoder_length"]

PAD_ID = 0
"""Padding of every vocabulary (spec section 3)."""


def collate(features: Sequence[Features], *, geometry: Geometry, multiple: int = 1) -> Batch[np.ndarray]:
    """Examples side by side: every stream holds only the examples that have it.

    ``multiple`` rounds the text's, the text target's and the encoder's length up, so that a compiled
    step meets few shapes.

    Example, texts of 2 and 3 ids and one picture of 4 patches::

        text.values  [[5 1 0]   image.rows  [1]   encoder_length  7
                      [6 7 1]]
    """
    assert features, "a batch needs an example"
    streams: dict[InputModality, Stream[np.ndarray]] = {
        InputModality.TEXT: _text_stream([one.text for one in features], multiple)
    }
    for modality in (
        InputModality.IMAGE,
        InputModality.IMAGE_HISTORY,
        InputModality.AUDIO,
        InputModality.AUDIO_HISTORY,
    ):
        present = [
            (row, patches)
            for row, one in enumerate(features)
            if (patches := _patches_of(one, modality)) is not None
        ]
        if present:
            is_history = modality in (InputModality.IMAGE_HISTORY, InputModality.AUDIO_HISTORY)
            streams[modality] = _patch_stream(present, is_history=is_history)
    longest = max(encoder_length(one, geometry=geometry) for one in features)
    return Batch(
        size=len(features),
        encoder_length=_round_up(longest, multiple),
        streams=streams,
        targets=_targets(features, geometry, multiple),
        tasks=tuple(one.task for one in features),
        paradigms=tuple(one.paradigm for one in features),
    )


def encoder_length(features: Features, *, geometry: Geometry) -> int:
    """Valid encoder positions of one example: a history frame counts its latents, a padded patch nothing."""
    length = len(features.text)
    for patches in (features.image, features.audio):
        length += 0 if patches is None else int(patches.mask.sum())
    for patches, latents in (
        (features.image_history, geometry.image.history_latents),
        (features.audio_history, geometry.audio.history_latents),
    ):
        # The resampler masks the latents of a frame without a valid patch (spec section 9).
        length += 0 if patches is None else latents * int(patches.mask.any(axis=1).sum())
    return length


def _patches_of(features: Features, modality: InputModality) -> PatchFeatures | None:
    return {
        InputModality.IMAGE: features.image,
        InputModality.IMAGE_HISTORY: features.image_history,
        InputModality.AUDIO: features.audio,
        InputModality.AUDIO_HISTORY: features.audio_history,
    }[modality]


def _text_stream(texts: Sequence[Int[np.ndarray, " length"]], multiple: int) -> Stream[np.ndarray]:
    ids, mask = _pad_ids(texts, multiple)
    positions = np.broadcast_to(np.arange(ids.shape[1], dtype=np.int64), ids.shape).copy()
    return Stream(values=ids, mask=mask, positions=positions, rows=np.arange(len(texts), dtype=np.int64))


def _patch_stream(present: Sequence[tuple[int, PatchFeatures]], *, is_history: bool) -> Stream[np.ndarray]:
    frames = max(one.mask.shape[0] for _, one in present)
    patches = max(one.mask.shape[1] for _, one in present)
    width = present[0][1].patches.shape[2]
    values = np.zeros((len(present), frames, patches, width), dtype=np.float32)
    mask = np.zeros((len(present), frames, patches), dtype=bool)
    positions = np.zeros((len(present), frames, patches), dtype=np.int64)
    for entry, (_, one) in enumerate(present):
        here = (entry, slice(one.mask.shape[0]), slice(one.mask.shape[1]))
        values[here], mask[here], positions[here] = one.patches, one.mask, one.positions
    rows = np.array([row for row, _ in present], dtype=np.int64)
    if is_history:
        return Stream(values=values, mask=mask, positions=positions, rows=rows)
    return Stream(values=values[:, 0], mask=mask[:, 0], positions=positions[:, 0], rows=rows)


def _targets(
    features: Sequence[Features], geometry: Geometry, multiple: int
) -> dict[TargetModality, Target[np.ndarray]]:
    targets: dict[TargetModality, Target[np.ndarray]] = {}
    for modality in TargetModality:
        present = [
            (row, one.target)
            for row, one in enumerate(features)
            if one.target is not None and one.target.modality is modality
        ]
        if present:
            targets[modality] = _target(present, code_count(modality, geometry), multiple)
    return targets


def _target(
    present: Sequence[tuple[int, TargetFeatures]], code_count: int, multiple: int
) -> Target[np.ndarray]:
    texts = [target.ids for _, target in present if target.ids is not None]
    if texts:
        assert len(texts) == len(present), "one modality's targets are all ids or all media"
        ids, mask = _pad_ids(texts, multiple)
        return Target(ids=ids, mask=mask, rows=np.array([row for row, _ in present], dtype=np.int64))
    return media_target(present, code_count)


def media_target(present: Sequence[tuple[int, TargetFeatures]], code_count: int) -> Target[np.ndarray]:
    """Pictures or sounds, each with its example's row, and what is known of their codes."""
    targets = [target for _, target in present]
    return Target(
        media=np.stack([np.asarray(target.media, dtype=np.float32) for target in targets]),
        mask=np.ones((len(present), code_count), dtype=bool),
        rows=np.array([row for row, _ in present], dtype=np.int64),
        hidden=_stack([one.hidden for one in targets], otherwise=np.zeros(code_count, dtype=bool)),
        withheld=_stack([one.withheld for one in targets], otherwise=np.zeros(code_count, dtype=bool)),
        weights=_stack([one.weights for one in targets], otherwise=np.ones(code_count, dtype=np.float32)),
    )


def _stack(
    values: Sequence[Shaped[np.ndarray, " codes"] | None], *, otherwise: Shaped[np.ndarray, " codes"]
) -> Shaped[np.ndarray, "count codes"] | None:
    """A value for each code of each target, ``otherwise`` for a target without; None where none has any."""
    if all(one is None for one in values):
        return None
    return np.stack([otherwise if one is None else one for one in values])


def code_count(modality: TargetModality, geometry: Geometry) -> int:
    """Codes of a picture or a sound; 0 for text, whose length is its own."""
    if modality is TargetModality.TEXT:
        return 0
    down, across = (geometry.image if modality is TargetModality.IMAGE else geometry.audio).code_grid
    return down * across


def _pad_ids(
    texts: Sequence[Int[np.ndarray, " length"]], multiple: int
) -> tuple[Int[np.ndarray, "count length"], np.ndarray]:
    length = _round_up(max(len(text) for text in texts), multiple)
    ids = np.full((len(texts), length), PAD_ID, dtype=np.int64)
    mask = np.zeros((len(texts), length), dtype=bool)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = True
    return ids, mask


def _round_up(length: int, multiple: int) -> int:
    return -(-length // multiple) * multiple
