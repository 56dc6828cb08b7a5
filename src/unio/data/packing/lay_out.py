"""`collate_packed`: features of examples that share rows as one `Batch` (spec sections 6, 8 and 12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Int

from unio.core import InputError
from unio.data.collate import code_count, media_target
from unio.data.packing.lay_frames import lay_frames
from unio.data.packing.sizes import measure
from unio.schema import (
    Batch,
    Features,
    Geometry,
    PackedInputs,
    PackedTexts,
    Packing,
    Segments,
    Target,
    TargetFeatures,
    TargetModality,
)

__all__ = ["RowLengths", "collate_packed"]


@dataclass(frozen=True, kw_only=True)
class RowLengths:
    """Encoder and decoder places of every row."""

    encoder: int
    decoder: int


def collate_packed(
    rows: Sequence[Sequence[Features]], *, geometry: Geometry, lengths: RowLengths | None = None
) -> Batch[np.ndarray]:
    """Examples that share rows, in the order given; row r holds the examples of ``rows[r]``.

    ``lengths`` fixes the rows' lengths; None makes them as long as the fullest, and thus a single row
    exactly as long as its content. Raises ``InputError`` if a row's examples do not fit.

    Example, texts of 2 and 3 ids sharing one row, targets of 3 and 2::

        owners  encoder [[0 0 1 1 1]]   decoder [[0 0 0 1 1]]
    """
    assert rows, "a batch needs a row"
    assert all(rows), "and every row an example"
    sizes = [[measure(one, geometry=geometry) for one in row] for row in rows]
    examples = [one for row in rows for one in row]
    encoder = _segments(
        [[one.encoder for one in row] for row in sizes], lengths and lengths.encoder, "encoder"
    )
    decoder = _segments(
        [[one.decoder for one in row] for row in sizes], lengths and lengths.decoder, "decoder"
    )
    return Batch(
        size=len(examples),
        encoder_length=encoder.length,
        streams={},
        targets=_targets(examples, geometry, decoder.starts),
        tasks=tuple(one.task for one in examples),
        paradigms=tuple(one.paradigm for one in examples),
        packing=Packing(
            encoder=encoder,
            decoder=decoder,
            inputs=_inputs(examples, geometry, encoder.starts),
            is_masked=tuple(_hides(one.target) for one in examples),
        ),
    )


def _hides(target: TargetFeatures | None) -> bool:
    return target is not None and target.hidden is not None and bool(target.hidden.any())


def _segments(lengths: Sequence[Sequence[int]], length: int | None, side: str) -> Segments[np.ndarray]:
    """Segments one after the other within each row."""
    fullest = max(sum(row) for row in lengths)
    length = max(fullest, 1) if length is None else length
    if fullest > length:
        raise InputError(
            f"the examples of a row do not fit into the {side}",
            got=f"{fullest} places",
            expected=f"at most {length}",
            fix="raise the budget or give the row fewer examples",
        )
    owners = np.full((len(lengths), length), -1, dtype=np.int64)
    starts: list[int] = []
    for row, each in enumerate(lengths):
        filled = 0
        for one in each:
            owners[row, filled : filled + one] = len(starts)
            starts.append(row * length + filled)
            filled += one
    return Segments(
        rows=len(lengths),
        length=length,
        starts=tuple(starts),
        lengths=tuple(one for row in lengths for one in row),
        owners=owners,
    )


def _inputs(
    examples: Sequence[Features], geometry: Geometry, starts: Sequence[int]
) -> PackedInputs[np.ndarray]:
    """Streams in the encoder's order: text, picture, its history, sound, its history."""
    texts = [one.text for one in examples]
    behind_text = [start + len(text) for start, text in zip(starts, texts, strict=True)]
    pictures, behind_pictures = lay_frames(
        [one.image for one in examples],
        [one.image_history for one in examples],
        starts=behind_text,
        latents=geometry.image.history_latents,
    )
    sounds, _ = lay_frames(
        [one.audio for one in examples],
        [one.audio_history for one in examples],
        starts=behind_pictures,
        latents=geometry.audio.history_latents,
    )
    positions = np.concatenate([np.arange(len(text), dtype=np.int64) for text in texts])
    return PackedInputs(
        texts=PackedTexts(
            ids=np.concatenate(texts).astype(np.int64),
            positions=positions,
            places=positions + np.repeat(starts, [len(text) for text in texts]),
        ),
        pictures=pictures,
        sounds=sounds,
    )


def _targets(
    examples: Sequence[Features], geometry: Geometry, starts: Sequence[int]
) -> dict[TargetModality, Target[np.ndarray]]:
    targets: dict[TargetModality, Target[np.ndarray]] = {}
    for modality in TargetModality:
        present = [
            (row, one.target)
            for row, one in enumerate(examples)
            if one.target is not None and one.target.modality is modality
        ]
        if not present:
            continue
        begins = np.array([starts[row] for row, _ in present], dtype=np.int64)
        is_text = modality is TargetModality.TEXT
        targets[modality] = (
            _texts(present, begins) if is_text else _media(present, begins, code_count(modality, geometry))
        )
    return targets


def _texts(
    present: Sequence[tuple[int, TargetFeatures]], begins: Int[np.ndarray, " count"]
) -> Target[np.ndarray]:
    """All texts as one entry, end to end."""
    texts = [target.ids for _, target in present if target.ids is not None]
    counts = [len(text) for text in texts]
    positions = np.concatenate([np.arange(count, dtype=np.int64) for count in counts])
    return Target(
        ids=np.concatenate(texts)[None].astype(np.int64),
        mask=np.ones((1, len(positions)), dtype=bool),
        rows=np.repeat(np.array([row for row, _ in present], dtype=np.int64), counts),
        places=(positions + np.repeat(begins, counts))[None],
        positions=positions[None],
    )


def _media(
    present: Sequence[tuple[int, TargetFeatures]], begins: Int[np.ndarray, " count"], codes: int
) -> Target[np.ndarray]:
    """Pictures or sounds: all have the same number of codes."""
    positions = np.broadcast_to(np.arange(codes, dtype=np.int64), (len(present), codes)).copy()
    return replace(media_target(present, codes), places=positions + begins[:, None], positions=positions)
