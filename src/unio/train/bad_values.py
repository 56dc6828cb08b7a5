"""Finding what in a batch is not a number, so that a skipped update can say why."""

import numpy as np

from unio.schema import Batch

__all__ = ["describe_bad_values"]


def describe_bad_values(batch: Batch[np.ndarray]) -> str | None:
    """The first stream or target with NaN or infinite values and its task; None if all are finite.

    Example::

        "the image input of an example of task 'caption' holds values that are not finite"
    """
    entries = [(f"{name.value} input", stream.values, stream.rows) for name, stream in batch.streams.items()]
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
