"""Ghosts of a packed batch: stand-ins for modalities that only other processes have (see `ghosts`).

Rows grow by a few places that belong to no example. A ghost frame is one patch of zeros, a ghost target
one token that does not count; what they give goes to those places, where nobody looks. They run the
layers that the other processes run, and their gradients are zero.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from unio.model import ModelConfig
from unio.schema import Batch, InputModality, PackedFrames, Packing, Segments, Target, TargetModality

__all__ = ["with_packed_ghosts"]

Places = np.ndarray
Moved = Callable[[Places], Places]


def with_packed_ghosts(
    batch: Batch[np.ndarray],
    *,
    streams: Collection[InputModality],
    targets: Collection[TargetModality],
    config: ModelConfig,
) -> Batch[np.ndarray]:
    """``batch``, which is packed, with a ghost for each of ``streams`` and ``targets`` that it lacks."""
    packing = batch.packing
    assert packing is not None, "the batch is packed"
    packing = _with_frames(packing, streams, config)
    lacking = [name for name in targets if name not in batch.targets]
    held = dict(batch.targets)
    if lacking:
        decoder, move = _widened(packing.decoder, len(lacking))
        packing = replace(packing, decoder=decoder)
        held = {name: _moved_target(target, move) for name, target in held.items()}
        first = decoder.length - len(lacking)
        held |= {name: _target(first + number) for number, name in enumerate(sorted(lacking))}
    if packing is batch.packing:
        return batch
    return replace(batch, targets=held, packing=packing, encoder_length=packing.encoder.length)


def _with_frames(
    packing: Packing[np.ndarray], streams: Collection[InputModality], config: ModelConfig
) -> Packing[np.ndarray]:
    image, audio = config.geometry.image, config.geometry.audio
    inputs = packing.inputs
    kinds = (
        (inputs.pictures, InputModality.IMAGE, InputModality.IMAGE_HISTORY, image.history_latents),
        (inputs.sounds, InputModality.AUDIO, InputModality.AUDIO_HISTORY, audio.history_latents),
    )
    lacks = [
        (
            own in streams and (frames is None or not frames.inputs),
            latents if history in streams and (frames is None or len(frames.lengths) == frames.inputs) else 0,
        )
        for frames, own, history, latents in kinds
    ]
    extra = sum(int(own) + latents for own, latents in lacks)
    if not extra:
        return packing
    encoder, move = _widened(packing.encoder, extra)
    begin = encoder.length - extra
    widths = (3 * image.patch_size**2, audio.patch_size**2)
    made: list[PackedFrames[np.ndarray] | None] = []
    for (frames, *_), (own, latents), width in zip(kinds, lacks, widths, strict=True):
        held = None if frames is None else _moved_frames(frames, move)
        if own or latents:
            held = _add_frames(held or _no_frames(width), begin, is_input=own, latents=latents)
        begin += int(own) + latents
        made.append(held)
    texts = replace(inputs.texts, places=move(inputs.texts.places))
    return replace(
        packing, encoder=encoder, inputs=replace(inputs, texts=texts, pictures=made[0], sounds=made[1])
    )


def _widened(segments: Segments[np.ndarray], extra: int) -> tuple[Segments[np.ndarray], Moved]:
    """Rows longer by ``extra`` places of nobody, and where a place of the old rows has gone."""
    old = segments.length

    def move(places: Places) -> Places:
        return places + places // old * extra

    owners = np.pad(segments.owners, ((0, 0), (0, extra)), constant_values=-1)
    starts = tuple(start + start // old * extra for start in segments.starts)
    return replace(segments, length=old + extra, starts=starts, owners=owners), move


def _moved_frames(frames: PackedFrames[np.ndarray], move: Moved) -> PackedFrames[np.ndarray]:
    return replace(frames, places=move(frames.places), latent_places=move(frames.latent_places))


def _moved_target(target: Target[np.ndarray], move: Moved) -> Target[np.ndarray]:
    assert target.places is not None, "targets of a packed batch have places"
    return replace(target, places=move(target.places))


def _no_frames(width: int) -> PackedFrames[np.ndarray]:
    none = np.zeros(0, dtype=np.int64)
    return PackedFrames(
        lengths=(),
        inputs=0,
        patches=np.zeros((0, width), dtype=np.float32),
        positions=none,
        places=none,
        latent_places=none,
        latent_positions=none,
    )


def _add_frames(
    frames: PackedFrames[np.ndarray], begin: int, *, is_input: bool, latents: int
) -> PackedFrames[np.ndarray]:
    """A ghost input before all others, a ghost history frame behind them; ``begin`` is their first place."""
    before, behind = int(is_input), int(latents > 0)
    return PackedFrames(
        lengths=(*(1,) * before, *frames.lengths, *(1,) * behind),
        inputs=frames.inputs + before,
        patches=np.pad(frames.patches, ((before, behind), (0, 0))),
        positions=np.pad(frames.positions, (before, behind)),
        places=np.concatenate([np.full(before, begin), frames.places]).astype(np.int64),
        latent_places=np.concatenate([frames.latent_places, begin + before + np.arange(latents)]).astype(
            np.int64
        ),
        latent_positions=np.concatenate([frames.latent_positions, np.arange(latents)]).astype(np.int64),
    )


def _target(place: int) -> Target[np.ndarray]:
    """One token that does not count, of the first example by name; given as ids, so no codec is asked."""
    zero = np.zeros((1, 1), dtype=np.int64)
    return Target(
        ids=zero,
        mask=np.zeros((1, 1), dtype=bool),
        rows=np.zeros(1, dtype=np.int64),
        places=np.full((1, 1), place, dtype=np.int64),
        positions=zero,
    )
