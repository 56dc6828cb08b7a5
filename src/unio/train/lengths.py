"""`Lengths`: how long everything in a batch is, padding left out: what counting work starts from."""

from dataclasses import dataclass

import numpy as np

from unio.model import ModelConfig
from unio.schema import Batch, InputModality, PackedFrames, Packing, TargetModality

__all__ = ["Lengths", "TargetLength", "batch_lengths", "padded_positions"]


@dataclass(frozen=True, kw_only=True)
class TargetLength:
    """One decoder row: so many tokens that look at a memory of so many positions."""

    modality: TargetModality
    tokens: int
    memory: int


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """Valid positions of every row of a batch.

    - ``encoder``: of each encoder row. ``targets``: of each decoder row.
    - ``image``, ``audio``: patches of each picture and sound; ``image_history``, ``audio_history``: of
      each frame and segment.
    """

    encoder: tuple[int, ...]
    targets: tuple[TargetLength, ...]
    image: tuple[int, ...] = ()
    audio: tuple[int, ...] = ()
    image_history: tuple[int, ...] = ()
    audio_history: tuple[int, ...] = ()

    @property
    def positions(self) -> int:
        """Positions of encoder and decoder rows together."""
        return sum(self.encoder) + sum(target.tokens for target in self.targets)


def batch_lengths(batch: Batch[np.ndarray], config: ModelConfig) -> Lengths:
    """The lengths of a batch, of one example a row or packed: a packed example is a row of its own here."""
    if batch.packing is not None:
        return _packed_lengths(batch, batch.packing)
    encoder = np.zeros(batch.size, dtype=np.int64)
    patches: dict[InputModality, tuple[int, ...]] = {}
    latents = {
        InputModality.IMAGE_HISTORY: config.geometry.image.history_latents,
        InputModality.AUDIO_HISTORY: config.geometry.audio.history_latents,
    }
    for name, stream in batch.streams.items():
        if name in latents:
            frames = stream.mask.sum(axis=2)
            patches[name] = tuple(int(count) for count in frames.flat if count)
            valid = latents[name] * (frames > 0).sum(axis=1)
        else:
            valid = stream.mask.sum(axis=1)
            patches[name] = tuple(int(count) for count in valid)
        np.add.at(encoder, stream.rows, valid)
    targets = tuple(
        TargetLength(modality=modality, tokens=int(tokens), memory=int(encoder[row]))
        for modality, target in batch.targets.items()
        for row, tokens in zip(target.rows, target.mask.sum(axis=1), strict=True)
    )
    return Lengths(
        encoder=tuple(int(length) for length in encoder),
        targets=targets,
        image=patches.get(InputModality.IMAGE, ()),
        audio=patches.get(InputModality.AUDIO, ()),
        image_history=patches.get(InputModality.IMAGE_HISTORY, ()),
        audio_history=patches.get(InputModality.AUDIO_HISTORY, ()),
    )


def padded_positions(batch: Batch[np.ndarray]) -> int:
    """Positions of encoder and decoder rows, padding included."""
    if batch.packing is not None:
        return batch.packing.encoder.places + batch.packing.decoder.places
    return batch.size * batch.encoder_length + sum(target.mask.size for target in batch.targets.values())


def _packed_lengths(batch: Batch[np.ndarray], packing: Packing[np.ndarray]) -> Lengths:
    encoder = packing.encoder.lengths
    targets = tuple(
        TargetLength(modality=modality, tokens=packing.decoder.lengths[row], memory=encoder[row])
        for modality, target in batch.targets.items()
        for row in sorted({int(row) for row in target.rows.ravel()})
    )
    image, image_history = _frames(packing.inputs.pictures)
    audio, audio_history = _frames(packing.inputs.sounds)
    return Lengths(
        encoder=encoder,
        targets=targets,
        image=image,
        audio=audio,
        image_history=image_history,
        audio_history=audio_history,
    )


def _frames(frames: PackedFrames[np.ndarray] | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Patches of input frames and of history frames."""
    if frames is None:
        return (), ()
    return frames.lengths[: frames.inputs], frames.lengths[frames.inputs :]
