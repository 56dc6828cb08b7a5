"""A spectrogram as a picture."""

import numpy as np
from jaxtyping import Float
from PIL import Image

from unio.media.drawing.canvas import Drawing
from unio.media.drawing.colours import apply_colour_map
from unio.media.griffin_lim import empty_frames
from unio.media.spectrogram import FLOOR, LogMel, log_mel
from unio.schema import AudioGeometry, Waveform

__all__ = ["draw_spectrogram", "draw_waveform_spectrogram"]

LOUDEST = 6.0
"""Log-mel value drawn brightest: a sine at full scale lies a little above it."""


def draw_spectrogram(
    spectrogram: LogMel | Float[np.ndarray, "frames mels"], *, height: int = 192, max_width: int = 1024
) -> Drawing:
    """A log-mel spectrogram (not normalised), time to the right, high bands on top, loud bright.

    Bins without sound are black: by the mask, or where a bare array marks a whole frame empty.
    The picture is ``height`` pixels high, its pixels as wide as high, and at most ``max_width`` wide.
    """
    floor = float(np.log(FLOOR))
    if isinstance(spectrogram, LogMel):
        values = np.where(spectrogram.mask, spectrogram.values, floor)
    else:
        values = np.where(empty_frames(spectrogram)[:, None], floor, spectrogram)
    brightness = (np.asarray(values, np.float64).T[::-1] - floor) / (LOUDEST - floor)
    width = min(max(round(values.shape[0] * height / values.shape[1]), 1), max_width)
    colours = apply_colour_map(brightness, name="magma")
    return np.array(Image.fromarray(colours).resize((width, height), Image.Resampling.BILINEAR))


def draw_waveform_spectrogram(waveform: Waveform, *, height: int = 192, max_width: int = 1024) -> Drawing:
    """The spectrogram of a whole sound of any length and rate."""
    geometry = AudioGeometry(sample_rate=waveform.rate, max_frequency=waveform.rate / 2, mels=64)
    samples = np.zeros(max(len(waveform.samples), geometry.window), np.float32)
    samples[: len(waveform.samples)] = waveform.samples
    return draw_spectrogram(log_mel(samples, geometry), height=height, max_width=max_width)
