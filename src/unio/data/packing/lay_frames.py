"""Pictures or sounds of a packed batch, inputs and histories, end to end without padding (spec section 6)."""

from collections.abc import Sequence

import numpy as np

from unio.schema import PackedFrames, PatchFeatures

__all__ = ["lay_frames"]


def lay_frames(
    inputs: Sequence[PatchFeatures | None],
    histories: Sequence[PatchFeatures | None],
    *,
    starts: Sequence[int],
    latents: int,
) -> tuple[PackedFrames[np.ndarray] | None, list[int]]:
    """All valid patches of all examples, and where each example's next stream begins.

    ``starts`` are the places at which each example's own begin; a history frame takes ``latents`` places.
    Masked patches, and frames without any valid patch, are left out. None if there is no frame at all.
    """
    ends = list(starts)
    lengths: list[int] = []
    kept: list[tuple[np.ndarray, np.ndarray]] = []
    places: list[np.ndarray] = []
    for example, patches in enumerate(inputs):
        if patches is None or not patches.mask[0].any():
            continue
        valid = patches.mask[0]
        kept.append((patches.patches[0, valid], patches.positions[0, valid]))
        lengths.append(len(kept[-1][1]))
        places.append(ends[example] + np.arange(lengths[-1], dtype=np.int64))
        ends[example] += lengths[-1]
    input_frames = len(lengths)
    latent_places: list[np.ndarray] = []
    latent_positions: list[np.ndarray] = []
    for example, patches in enumerate(histories):
        for frame in range(0 if patches is None else len(patches.mask)):
            assert patches is not None, "only frames that are there are counted"
            valid = patches.mask[frame]
            if not valid.any():
                continue
            kept.append((patches.patches[frame, valid], patches.positions[frame, valid]))
            lengths.append(len(kept[-1][1]))
            latent_places.append(ends[example] + np.arange(latents, dtype=np.int64))
            latent_positions.append(frame * latents + np.arange(latents, dtype=np.int64))
            ends[example] += latents
    if not lengths:
        return None, ends
    packed = PackedFrames(
        lengths=tuple(lengths),
        inputs=input_frames,
        patches=np.concatenate([patches for patches, _ in kept]).astype(np.float32),
        positions=np.concatenate([positions for _, positions in kept]).astype(np.int64),
        places=_joined(places),
        latent_places=_joined(latent_places),
        latent_positions=_joined(latent_positions),
    )
    return packed, ends


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
