"""`VocoderObjective`: what a vocoder learns by: spectra at several resolutions, log-mels, judges.

Weights are HiFi-GAN's (arXiv 2010.05646): log-mel 45, features 2, adversarial 1. The spectral loss is that
of Parallel WaveGAN (arXiv 1910.11480), which a small vocoder without judges learns phases' order from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from unio.codecs.training.torch_mel import TorchMel, magnitudes
from unio.codecs.training.wave_discriminators import (
    WaveDiscriminator,
    WaveDiscriminatorConfig,
    adversarial_loss,
    feature_matching,
    judge_loss,
)
from unio.core import Config
from unio.schema import AudioGeometry

__all__ = ["VocoderAdversarialConfig", "VocoderLoss", "VocoderObjective", "VocoderObjectiveConfig"]

QUIET = 1e-5
"""Added to magnitudes before their logarithm."""


class VocoderAdversarialConfig(Config):
    """The judges' part in the loss."""

    weight: float = Field(default=1.0, gt=0, description="Weight of the adversarial loss.")
    feature_weight: float = Field(default=2.0, ge=0, description="Weight of the judges' features.")
    start: float = Field(default=0.0, ge=0, lt=1, description="Share of the training before it begins.")
    discriminator: WaveDiscriminatorConfig = Field(
        default_factory=lambda: WaveDiscriminatorConfig(), description="Sizes of the judges."
    )


class VocoderObjectiveConfig(Config):
    """Weights of the losses of a vocoder."""

    mel_weight: float = Field(default=45.0, ge=0, description="Weight of the log-mels' absolute error.")
    spectral_weight: float = Field(default=1.0, ge=0, description="Weight of the spectra's errors.")
    windows: tuple[int, ...] = Field(
        default=(256, 512, 1024), description="Windows of the spectra, in samples; hops are a quarter."
    )
    adversarial: VocoderAdversarialConfig | None = Field(
        default=None, description="The adversarial losses; None: without."
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class VocoderLoss:
    """``total`` to minimise, ``parts`` by name, unweighted and detached, and ``samples``, detached."""

    total: Float[Tensor, ""]
    parts: Mapping[str, Float[Tensor, ""]]
    samples: Float[Tensor, "batch samples"]


class VocoderObjective(nn.Module):
    """Losses and judges of one training; its ``state_dict`` belongs into the checkpoint alone."""

    def __init__(self, config: VocoderObjectiveConfig, geometry: AudioGeometry) -> None:
        super().__init__()
        self.config = config
        self.mel = TorchMel(geometry)
        self.discriminator = (
            None if config.adversarial is None else WaveDiscriminator(config.adversarial.discriminator)
        )

    def forward(
        self, made: Float[Tensor, "batch samples"], target: Float[Tensor, "batch samples"], *, progress: float
    ) -> VocoderLoss:
        """The loss of waveforms against the true ones; ``progress`` is the share of the training done."""
        config = self.config
        weighted = {
            "mel": (config.mel_weight, F.l1_loss(self.mel(made), self.mel(target))),
            "spectral": (config.spectral_weight, self._spectral(made, target)),
        }
        if self.is_adversarial(progress) and self.discriminator is not None and config.adversarial:
            fake, real = self.discriminator(made), self.discriminator(target)
            weighted["adversarial"] = (config.adversarial.weight, adversarial_loss(fake))
            weighted["features"] = (config.adversarial.feature_weight, feature_matching(real, fake))
        total = torch.stack([weight * part for weight, part in weighted.values()]).sum()
        parts = {name: part.detach() for name, (_, part) in weighted.items()}
        return VocoderLoss(total=total, parts=parts, samples=made.detach())

    def is_adversarial(self, progress: float) -> bool:
        """Whether the judges take part at this share of the training."""
        return self.config.adversarial is not None and progress >= self.config.adversarial.start

    def discriminator_loss(
        self, target: Float[Tensor, "batch samples"], loss: VocoderLoss
    ) -> Float[Tensor, ""]:
        """The judges' loss; the vocoder gets no gradient."""
        assert self.discriminator is not None, "the configuration has no adversarial loss"
        return judge_loss(self.discriminator(target), self.discriminator(loss.samples))

    def _spectral(self, made: Tensor, target: Tensor) -> Tensor:
        """Relative error of the magnitudes, and mean absolute error of their logarithms, over windows."""
        parts: list[Tensor] = []
        for window in self.config.windows:
            ours = magnitudes(made, window=window, hop=window // 4)
            theirs = magnitudes(target, window=window, hop=window // 4)
            relative = _length(ours - theirs) / (_length(theirs) + QUIET)
            parts.append(relative + F.l1_loss((ours + QUIET).log(), (theirs + QUIET).log()))
        return torch.stack(parts).mean()


def _length(values: Tensor) -> Tensor:
    """Root of the sum of squares, with a slope of 0 at 0."""
    return cast(Any, torch.linalg).vector_norm(values)  # the module has no types
