"""What a codec keeps of its media: a sheet of pairs, and a signal-to-noise ratio."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from unio.media import apply_colour_map, from_target, save_image
from unio.schema import Picture

__all__ = ["draw_reconstructions", "signal_to_noise"]

PAIRS_ACROSS = 8
GAP = 2


def signal_to_noise(media: Float[Tensor, "count ..."], again: Float[Tensor, "count ..."]) -> float:
    """Peak signal-to-noise ratio in dB; the peak is the range of values that occur in ``media``."""
    error = torch.mean((media.float() - again.float()) ** 2).clamp(min=1e-12)
    peak = media.max() - media.min()
    return float(10 * torch.log10(peak**2 / error))


def draw_reconstructions(
    media: Float[Tensor, "count ..."], again: Float[Tensor, "count ..."], path: Path
) -> None:
    """Write a sheet: rows of originals, each with a row of their reconstructions beneath."""
    low, high = float(media.min()), float(media.max())
    originals = [_picture(one, low, high) for one in media]
    copies = [_picture(one, low, high) for one in again]
    rows: list[np.ndarray] = []
    for start in range(0, len(originals), PAIRS_ACROSS):
        for pictures in (originals, copies):
            row = pictures[start : start + PAIRS_ACROSS]
            blank = np.zeros_like(row[0])
            row += [blank] * (PAIRS_ACROSS - len(row))
            spaced = [np.pad(one, ((GAP, GAP), (GAP, GAP), (0, 0))) for one in row]
            rows.append(np.concatenate(spaced, axis=1))
    save_image(np.concatenate(rows, axis=0), path)


def _picture(medium: Tensor, low: float, high: float) -> Picture:
    if medium.ndim == 3:
        return from_target(medium.permute(1, 2, 0).numpy())
    # A spectrogram: time to the right, high bands on top, as bright as it is loud.
    brightness = (medium.numpy().T[::-1] - low) / max(high - low, 1e-6)
    return apply_colour_map(np.clip(brightness, 0, 1), name="magma")
