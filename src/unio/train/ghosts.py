"""Ghosts: stand-ins for modalities that other processes have and this one's batch lacks.

Sharded layers are gathered by all processes together: if one process has a sound to encode and
another has none, the first waits for ever. A ghost is the smallest stream or target there can be, all
of it masked: it runs the same layers, adds nothing to any loss, and its gradients are zero.
"""

from collections.abc import Collection

import numpy as np

from unio.model import ModelConfig
from unio.schema import Batch, InputModality, Stream, Target, TargetModality
from unio.train.packed_ghosts import with_packed_ghosts

__all__ = ["with_ghosts"]


def with_ghosts(
    batch: Batch[np.ndarray],
    *,
    streams: Collection[InputModality],
    targets: Collection[TargetModality],
    config: ModelConfig,
) -> Batch[np.ndarray]:
    """``batch`` with a ghost for each of ``streams`` and ``targets`` that it lacks."""
    if batch.packing is not None:
        return with_packed_ghosts(batch, streams=streams, targets=targets, config=config)
    ghosts = {name: _stream(name, config) for name in streams if name not in batch.streams}
    added = {name: _target() for name in targets if name not in batch.targets}
    if not ghosts and not added:
        return batch
    return Batch(
        size=batch.size,
        encoder_length=batch.encoder_length,
        streams={**batch.streams, **ghosts},
        targets={**batch.targets, **added},
        tasks=batch.tasks,
    )


def _stream(modality: InputModality, config: ModelConfig) -> Stream[np.ndarray]:
    """One masked patch (or token) of the first example."""
    match modality:
        case InputModality.TEXT:
            values, shape = np.zeros((1, 1), dtype=np.int64), (1, 1)
        case InputModality.IMAGE:
            values, shape = np.zeros((1, 1, _image_width(config)), dtype=np.float32), (1, 1)
        case InputModality.IMAGE_HISTORY:
            values, shape = np.zeros((1, 1, 1, _image_width(config)), dtype=np.float32), (1, 1, 1)
        case InputModality.AUDIO:
            values, shape = np.zeros((1, 1, _audio_width(config)), dtype=np.float32), (1, 1)
        case InputModality.AUDIO_HISTORY:
            values, shape = np.zeros((1, 1, 1, _audio_width(config)), dtype=np.float32), (1, 1, 1)
    return Stream(
        values=values,
        mask=np.zeros(shape, dtype=bool),
        positions=np.zeros(shape, dtype=np.int64),
        rows=np.zeros(1, dtype=np.int64),
    )


def _target() -> Target[np.ndarray]:
    """One token of the first example that does not count; given as ids, so that no codec is asked."""
    return Target(
        ids=np.zeros((1, 1), dtype=np.int64),
        mask=np.zeros((1, 1), dtype=bool),
        rows=np.zeros(1, dtype=np.int64),
    )


def _image_width(config: ModelConfig) -> int:
    return 3 * config.geometry.image.patch_size**2


def _audio_width(config: ModelConfig) -> int:
    return config.geometry.audio.patch_size**2
