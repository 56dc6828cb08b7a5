"""The log-mel spectrogram of `unio.media`, in torch: a vocoder learns through it (spec section 5)."""

from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.media.mel import mel_filters
from unio.media.spectrogram import CEILING, FLOOR
from unio.schema import AudioGeometry

__all__ = ["TorchMel", "magnitudes"]


class TorchMel(nn.Module):
    """Samples (batch, samples) -> log-mels (batch, 1 + samples // hop, mels), not normalised.

    Bins without power are the quietest there are, as a codec hears them.
    """

    def __init__(self, geometry: AudioGeometry) -> None:
        super().__init__()
        self.geometry = geometry
        filters = torch.as_tensor(mel_filters(geometry).copy())
        self.register_buffer("filters", filters, persistent=False)

    def forward(self, samples: Float[Tensor, "batch samples"]) -> Float[Tensor, "batch frames mels"]:
        """The log-mels; ``samples`` must be longer than half a window."""
        geometry = self.geometry
        spectrum = magnitudes(samples, window=geometry.window, hop=geometry.hop)
        power = spectrum**2 @ self.get_buffer("filters").T
        return power.clamp(FLOOR, CEILING).log()


def magnitudes(
    samples: Float[Tensor, "batch samples"], *, window: int, hop: int
) -> Float[Tensor, "batch frames bins"]:
    """Magnitudes of `unio.media.spectrogram.stft`: symmetric Hann window, the ends mirrored."""
    padded = F.pad(samples.float()[:, None], (window // 2, window // 2), mode="reflect")[:, 0]
    frames = padded.unfold(1, window, hop)
    shape = torch.as_tensor(np.hanning(window).astype(np.float32), device=samples.device)
    spectra: Tensor = cast(Any, torch.fft).rfft(frames * shape)  # the module has no types
    # The square root of 0 has no slope.
    return (spectra.real.square() + spectra.imag.square() + 1e-12).sqrt()
