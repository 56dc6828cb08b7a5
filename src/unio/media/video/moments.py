"""Which frames of a video are looked at (spec section 5): one of each of equal parts of its length."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from unio.core import InputError

__all__ = ["choose_frames"]


def choose_frames(
    moments: Sequence[float],
    *,
    seconds: float,
    count: int,
    rng: np.random.Generator | None = None,
) -> list[int]:
    """Indices of the frames shown at one moment of each of ``count`` equal parts; each frame once.

    ``moments`` are the frames' times in seconds, ascending. The moment is the middle of its part, or
    random within it where ``rng`` is given (training). A video of fewer frames gives all it has.

    Example::

        choose_frames([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seconds=10, count=5)  # [1, 3, 5, 7, 9]
    """
    if count < 1:
        raise InputError("no frame is asked for", got=count, expected="1 or more")
    places = np.full(count, 0.5) if rng is None else rng.random(count)
    wanted = (np.arange(count) + places) * seconds / count
    # A frame is shown from its own time until the next one's.
    shown = [max(bisect_right(moments, float(time) + 1e-9) - 1, 0) for time in wanted]
    return sorted(set(shown))
