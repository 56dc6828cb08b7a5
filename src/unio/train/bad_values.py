"""Finding what in a batch is not a number, so that a skipped update can say why."""

import numpy as np

from unio.schema import Batch, PackedFrames

__all__ = ["describe_bad_values"]


def describe_bad_values(batch: Batch[np.ndarray]) -> str | None:
    """The first stream or target with NaN or infinite values and its task; None if all are finite.

    Example::

        "the image input of an example of task 'caption' holds values that are not finite"
    """
    entries = [(f"{name.value} input", stream.values, stream.rows) for name, stream in batch.streams.items()]
    entries += _packed_entries(batch)
    entries += [
        (f"{name.value} target", target.media, target.rows)
        for name, target in batch.targets.items()
        if target.media is not None
    ]
    for what, values, rows in entries:
        if values.dtype.kind != "f":
            continue
        broken = ~np.isfinite(values.reshape(len(values), -1)).all(axis=1)
        if broken.any():
            row = int(rows[int(broken.argmax())])
            task = f" of task {batch.tasks[row]!r}" if row < len(batch.tasks) else ""
            return f"the {what} of an example{task} holds values that are not finite"
    return None


def _packed_entries(batch: Batch[np.ndarray]) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Patches of a packed batch, and the example that each belongs to."""
    if batch.packing is None:
        return []
    owners, inputs = batch.packing.encoder.owners.ravel(), batch.packing.inputs
    return [
        (f"{name} input", frames.patches, _patch_owners(frames, owners))
        for name, frames in (("image", inputs.pictures), ("audio", inputs.sounds))
        if frames is not None
    ]


def _patch_owners(frames: PackedFrames[np.ndarray], owners: np.ndarray) -> np.ndarray:
    histories = frames.lengths[frames.inputs :]
    own = owners[frames.places]
    if not histories:
        return own
    first_latents = frames.latent_places.reshape(len(histories), -1)[:, 0]
    return np.concatenate([own, np.repeat(owners[first_latents], histories)])
