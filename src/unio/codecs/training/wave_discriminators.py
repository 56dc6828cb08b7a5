"""Judges of waveforms: by periods and by scales (HiFi-GAN, Kong et al., arXiv 2010.05646, section 2.3)."""

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from unio.core import Config

__all__ = [
    "Judgement",
    "WaveDiscriminator",
    "WaveDiscriminatorConfig",
    "adversarial_loss",
    "feature_matching",
    "judge_loss",
]

SLOPE = 0.1


class WaveDiscriminatorConfig(Config):
    """Sizes of the judges."""

    periods: tuple[int, ...] = Field(
        default=(2, 3, 5, 7, 11), description="Periods, one judge each: samples that far apart side by side."
    )
    scales: int = Field(default=3, ge=0, description="Judges of the waveform at half the rate each time.")
    channels: int = Field(default=32, gt=0, description="Channels of the first layer, four times at each.")
    num_layers: int = Field(default=4, gt=0, description="Layers of a judge before its verdict.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Judgement:
    """A judge's verdicts, 1 for real in the end, and what it looked at on the way."""

    verdicts: Float[Tensor, "batch places"]
    features: list[Tensor]


class _Judge(nn.Module):
    """Strided convolutions over (batch, 1, length, width), down the length alone."""

    def __init__(self, config: WaveDiscriminatorConfig, *, kernel: int, stride: int) -> None:
        super().__init__()
        widths = [1, *(min(config.channels * 4**index, 1024) for index in range(config.num_layers))]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, (kernel, 1), stride=(stride, 1), padding=(kernel // 2, 0))
            for before, after in pairwise(widths)
        )
        self.verdict = nn.Conv2d(widths[-1], 1, (3, 1), padding=(1, 0))

    def forward(self, x: Float[Tensor, "batch 1 length width"]) -> Judgement:
        features: list[Tensor] = []
        for convolution in self.convolutions:
            x = F.leaky_relu(convolution(x), SLOPE)
            features.append(x)
        return Judgement(verdicts=self.verdict(x).flatten(1), features=features)


class WaveDiscriminator(nn.Module):
    """All judges: those that fold the waveform by a period, and those of ever lower rates."""

    def __init__(self, config: WaveDiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        self.by_period = nn.ModuleList(_Judge(config, kernel=5, stride=3) for _ in config.periods)
        self.by_scale = nn.ModuleList(_Judge(config, kernel=15, stride=4) for _ in range(config.scales))

    def forward(self, samples: Float[Tensor, "batch samples"]) -> list[Judgement]:
        """One judgement a judge, those of periods first."""
        judgements: list[Judgement] = []
        for period, judge in zip(self.config.periods, self.by_period, strict=True):
            padded = F.pad(samples, (0, -samples.shape[1] % period))
            judgements.append(judge(padded.view(len(samples), 1, -1, period)))
        x = samples[:, None]
        for judge in self.by_scale:
            judgements.append(judge(x[..., None]))
            x = F.avg_pool1d(x, 4, stride=2, padding=2)
        return judgements


def judge_loss(real: list[Judgement], fake: list[Judgement]) -> Float[Tensor, ""]:
    """The judges' loss: squares of what real ones lack of 1 and fake ones have (LS-GAN)."""
    pairs = zip(real, fake, strict=True)
    parts = [(1 - ours.verdicts).square().mean() + theirs.verdicts.square().mean() for ours, theirs in pairs]
    return torch.stack(parts).sum()


def adversarial_loss(fake: list[Judgement]) -> Float[Tensor, ""]:
    """The vocoder's loss: squares of what its verdicts lack of 1."""
    return torch.stack([(1 - one.verdicts).square().mean() for one in fake]).sum()


def feature_matching(real: list[Judgement], fake: list[Judgement]) -> Float[Tensor, ""]:
    """Mean absolute difference of what the judges looked at, summed over layers and judges."""
    parts = [
        F.l1_loss(theirs, ours.detach())
        for one, other in zip(real, fake, strict=True)
        for ours, theirs in zip(one.features, other.features, strict=True)
    ]
    return torch.stack(parts).sum()
