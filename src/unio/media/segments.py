"""Cutting a sound into the segments the model hears (spec section 5)."""

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.schema import AudioGeometry, Waveform

__all__ = ["split_segments"]

SHORTEST_MARGIN = 0.1
"""Seconds by which a last piece must be longer than half a segment to become one of its own."""


def split_segments(
    waveform: Waveform, geometry: AudioGeometry
) -> list[Float[np.ndarray, " segment_samples"]]:
    """Segments of exactly ``geometry.segment_samples``, in order; at least one.

    A last piece longer than half a segment plus 0.1 s is padded with zeros to a segment; a shorter one
    is dropped, unless it is all there is.
    """
    if waveform.rate != geometry.sample_rate:
        raise InputError(
            "sound at the wrong rate",
            got=f"{waveform.rate} Hz",
            expected=f"{geometry.sample_rate} Hz",
            fix="load it with load_audio(..., rate=geometry.sample_rate)",
        )
    length = geometry.segment_samples
    whole, rest = divmod(len(waveform.samples), length)
    long_enough = rest > length / 2 + SHORTEST_MARGIN * geometry.sample_rate
    count = max(whole + int(long_enough), 1)
    samples = np.zeros(count * length, np.float32)
    kept = waveform.samples[: len(samples)]
    samples[: len(kept)] = kept
    return list(samples.reshape(count, length))
