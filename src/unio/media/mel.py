"""Slaney's mel scale and filters (spec section 5), written out in NumPy."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float

from unio.schema import AudioGeometry

__all__ = ["hertz_to_mel", "mel_filters", "mel_to_hertz"]

# Slaney's Auditory Toolbox: linear to 1000 Hz (15 mels), then 27 steps for a factor of 6.4.
LINEAR_STEP = 200.0 / 3
BREAK_HERTZ = 1000.0
BREAK_MEL = BREAK_HERTZ / LINEAR_STEP
LOG_STEP = float(np.log(6.4)) / 27


def hertz_to_mel(hertz: Float[np.ndarray, " count"]) -> Float[np.ndarray, " count"]:
    """Frequencies as mels."""
    beyond = BREAK_MEL + np.log(np.maximum(hertz, BREAK_HERTZ) / BREAK_HERTZ) / LOG_STEP
    return np.where(hertz < BREAK_HERTZ, hertz / LINEAR_STEP, beyond)


def mel_to_hertz(mels: Float[np.ndarray, " count"]) -> Float[np.ndarray, " count"]:
    """Mels as frequencies, the inverse of ``hertz_to_mel``."""
    beyond = BREAK_HERTZ * np.exp(LOG_STEP * (np.maximum(mels, BREAK_MEL) - BREAK_MEL))
    return np.where(mels < BREAK_MEL, mels * LINEAR_STEP, beyond)


def mel_filters(geometry: AudioGeometry) -> Float[np.ndarray, "mels bins"]:
    """Triangular filters from FFT bins to mel bands, each of area 1 over frequency (Slaney's norm).

    Band i rises from edge i to edge i + 1 and falls to edge i + 2, the edges evenly spaced in mels
    from 0 Hz to ``max_frequency``. The array is made once and read-only.
    """
    return _filters(geometry.sample_rate, geometry.window, geometry.mels, geometry.max_frequency)


@lru_cache(maxsize=8)
def _filters(rate: int, window: int, mels: int, max_frequency: float) -> Float[np.ndarray, "mels bins"]:
    bins = np.fft.rfftfreq(window, 1 / rate)
    top = float(hertz_to_mel(np.array([max_frequency])).item())
    edges = mel_to_hertz(np.linspace(0.0, top, mels + 2))
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (bins - low) / (middle - low)
    falling = (high - bins) / (high - middle)
    filters = np.maximum(0.0, np.minimum(rising, falling)) * 2 / (high - low)
    filters = filters.astype(np.float32)
    filters.flags.writeable = False
    return filters
