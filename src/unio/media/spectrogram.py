"""Short-time Fourier transform and log-mel spectrogram (spec section 5)."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Complex, Float
from numpy.lib.stride_tricks import sliding_window_view

from unio.media.mel import mel_filters
from unio.schema import AudioGeometry

__all__ = ["LogMel", "inverse_stft", "log_mel", "power_mel", "stft"]

FLOOR, CEILING = 1e-5, 1e5
"""Power mel values are cut to these before the logarithm."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LogMel:
    """A log-mel spectrogram, not yet normalised: ``values``, and ``mask`` False where the power is 0.

    Where the mask is False the value is 0.
    """

    values: Float[np.ndarray, "frames mels"]
    mask: Bool[np.ndarray, "frames mels"]


@lru_cache(maxsize=8)
def _window(length: int) -> Float[np.ndarray, " length"]:
    """The symmetric Hann window: both ends are 0, unlike the periodic one of most libraries."""
    window = np.hanning(length).astype(np.float32)
    window.flags.writeable = False
    return window


def stft(
    samples: Float[np.ndarray, " samples"], *, window: int, hop: int
) -> Complex[np.ndarray, "frames bins"]:
    """Spectra of windows centred on every ``hop``-th sample; the ends are mirrored (reflect padding).

    ``samples`` must be longer than half a window. Frames: ``1 + samples // hop``.
    """
    padded = np.pad(np.asarray(samples, np.float32), window // 2, mode="reflect")
    frames = sliding_window_view(padded, window)[::hop]
    return np.fft.rfft(frames * _window(window), axis=-1)


def inverse_stft(
    spectra: Complex[np.ndarray, "frames bins"], *, window: int, hop: int
) -> Float[np.ndarray, " samples"]:
    """The sound whose ``stft`` is nearest to ``spectra`` in squared error; ``(frames - 1) * hop`` samples."""
    frames = np.fft.irfft(spectra, n=window, axis=-1).astype(np.float32) * _window(window)
    # Overlap-add: of each frame, piece k belongs k hops later. window is a multiple of hop nearly always;
    # the frame is padded to one where it is not.
    pieces = -(-window // hop)
    padded = np.zeros((len(frames), pieces * hop), np.float32)
    padded[:, :window] = frames
    weight = np.zeros(pieces * hop, np.float32)
    weight[:window] = _window(window) ** 2
    total = np.zeros((len(frames) + pieces - 1, hop), np.float32)
    weights = np.zeros_like(total)
    for piece in range(pieces):
        part = slice(piece * hop, (piece + 1) * hop)
        total[piece : piece + len(frames)] += padded[:, part]
        weights[piece : piece + len(frames)] += weight[part]
    samples = total.reshape(-1) / np.maximum(weights.reshape(-1), 1e-8)
    return samples[window // 2 : window // 2 + (len(frames) - 1) * hop]


def power_mel(
    samples: Float[np.ndarray, " samples"], geometry: AudioGeometry
) -> Float[np.ndarray, "frames mels"]:
    """Power mel spectrogram; a segment of ``segment_samples`` has ``geometry.frames`` frames."""
    spectra = stft(samples, window=geometry.window, hop=geometry.hop)
    power = np.asarray(np.abs(spectra), np.float32) ** 2
    return power @ mel_filters(geometry).T


def log_mel(samples: Float[np.ndarray, " samples"], geometry: AudioGeometry) -> LogMel:
    """Logarithm of the power mel, cut to [1e-5, 1e5]; bins without any power are 0 and masked."""
    power = power_mel(samples, geometry)
    mask = power != 0
    values = np.where(mask, np.log(np.clip(power, FLOOR, CEILING)), 0.0)
    return LogMel(values=values.astype(np.float32), mask=mask)
