"""Log-mel back to sound: fast Griffin-Lim, where no vocoder's weights are at hand (spec section 11)."""

import numpy as np
from jaxtyping import Bool, Float

from unio.core import InputError, random_stream
from unio.media.mel import mel_filters
from unio.media.spectrogram import CEILING, FLOOR, inverse_stft, stft
from unio.schema import AudioGeometry, Waveform

__all__ = ["log_mel_to_waveform", "mel_to_power"]

MOMENTUM = 0.99
"""How far each step goes on in its direction (Perraudin, Balazs and Sondergaard 2013)."""

EMPTY_TOLERANCE = 0.5
"""A frame all of whose bands are this near 0 was drawn as an empty one."""


def mel_to_power(
    power: Float[np.ndarray, "frames mels"], geometry: AudioGeometry, *, iterations: int = 30
) -> Float[np.ndarray, "frames bins"]:
    """A non-negative power spectrum whose mel bands are ``power``.

    Spreads each band over its bins and improves that by multiplicative updates (Lee and Seung 2001),
    which keep every bin non-negative and never raise the Kullback-Leibler divergence. That counts errors
    relative to the band, so that faint bands beside loud ones come out right, as a least-squares fit
    does not.
    """
    filters = mel_filters(geometry)
    tiny = np.float32(1e-12)
    total = filters.sum(axis=0) + tiny
    spectrum = (power @ filters) / total
    for _ in range(iterations):
        spectrum *= ((power + tiny) / (spectrum @ filters.T + tiny)) @ filters / total
    return spectrum


def empty_frames(log_mel: Float[np.ndarray, "frames mels"]) -> Bool[np.ndarray, " frames"]:
    """Frames without sound: `log_mel` marks a bin without power by 0, where no real sound is so flat."""
    return np.abs(log_mel).max(axis=1) < EMPTY_TOLERANCE


def log_mel_to_waveform(
    log_mel: Float[np.ndarray, "frames mels"],
    geometry: AudioGeometry,
    *,
    iterations: int = 32,
    seed: int = 0,
) -> Waveform:
    """A sound whose log-mel spectrogram (not normalised) is near ``log_mel``.

    ``(frames - 1) * hop`` samples, cut to [-1, 1]. ``seed`` draws the first phases; the same seed gives
    the same sound. Empty frames, which the log-mel marks by 0, become silence.
    """
    if log_mel.ndim != 2 or log_mel.shape[1] != geometry.mels or len(log_mel) < 2:
        raise InputError("no log-mel of a sound", got=log_mel.shape, expected=f"(frames, {geometry.mels})")
    power = np.clip(np.exp(np.asarray(log_mel, np.float32)), 0, CEILING)
    # The floor stands for "this or less": take it as nothing rather than as an even hiss.
    power[power <= FLOOR * 1.01] = 0
    power[empty_frames(log_mel)] = 0
    magnitude = np.sqrt(mel_to_power(power, geometry))
    window, hop = geometry.window, geometry.hop
    angles = random_stream(seed, "griffin-lim").uniform(0, 2 * np.pi, magnitude.shape)
    phases = np.exp(1j * angles).astype(np.complex64)
    previous = np.zeros_like(phases)
    for _ in range(iterations):
        samples = inverse_stft(magnitude * phases, window=window, hop=hop)
        rebuilt = stft(samples, window=window, hop=hop).astype(np.complex64)
        accelerated = rebuilt + np.float32(MOMENTUM) * (rebuilt - previous)
        phases = accelerated / np.maximum(np.abs(accelerated), np.float32(1e-12))
        previous = rebuilt
    samples = inverse_stft(magnitude * phases, window=window, hop=hop)
    return Waveform(samples=np.clip(samples, -1, 1).astype(np.float32), rate=geometry.sample_rate)
