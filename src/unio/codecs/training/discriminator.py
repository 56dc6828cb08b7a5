"""The patch discriminator and its hinge losses (spec section 11; Isola et al., arXiv 1611.07004)."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from unio.core import Config

__all__ = ["DiscriminatorConfig", "PatchDiscriminator", "adaptive_weight", "hinge_loss"]


class DiscriminatorConfig(Config):
    """Sizes of a patch discriminator."""

    channels: int = Field(default=64, gt=0, multiple_of=8, description="Channels of the first layer.")
    num_layers: int = Field(
        default=3,
        gt=0,
        description="Layers that halve the picture, each with twice the channels (8 x at most).",
    )


class PatchDiscriminator(nn.Module):
    """Judges every patch of a picture by itself: positive logits for real ones."""

    def __init__(self, in_channels: int, *, config: DiscriminatorConfig) -> None:
        super().__init__()
        widths = [config.channels * min(2**index, 8) for index in range(config.num_layers + 1)]
        layers: list[nn.Module] = [nn.Conv2d(in_channels, widths[0], 4, stride=2, padding=1)]
        for index in range(1, config.num_layers + 1):
            stride = 1 if index == config.num_layers else 2
            layers += [
                nn.LeakyReLU(0.2),
                nn.Conv2d(widths[index - 1], widths[index], 4, stride=stride, padding=1),
                nn.GroupNorm(8, widths[index]),
            ]
        self.layers = nn.Sequential(*layers, nn.LeakyReLU(0.2), nn.Conv2d(widths[-1], 1, 4, padding=1))

    def forward(
        self, picture: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch 1 down across"]:
        """One logit a patch."""
        return self.layers(picture)


def hinge_loss(
    real_logits: Float[Tensor, "batch 1 down across"], fake_logits: Float[Tensor, "batch 1 down across"]
) -> Float[Tensor, ""]:
    """The discriminator's loss: real patches should reach 1, fake ones -1; going further gains nothing."""
    return 0.5 * (F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean())


def _norm(gradient: Tensor) -> Tensor:
    return torch.sqrt(torch.sum(gradient.float() ** 2))


def adaptive_weight(
    reconstruction_loss: Float[Tensor, ""],
    adversarial_loss: Float[Tensor, ""],
    *,
    output_weight: Tensor,
    limit: float = 1e4,
) -> Float[Tensor, ""]:
    """The factor at which both losses pull equally hard at the decoder's last weight, at most ``limit``.

    Detached, and finite where the adversarial gradient vanishes. 1 / (norm + 1e-4) as in the paper
    (Esser et al., arXiv 2012.09841, equation 7).
    """
    (ours,) = torch.autograd.grad(reconstruction_loss, output_weight, retain_graph=True)
    (theirs,) = torch.autograd.grad(adversarial_loss, output_weight, retain_graph=True)
    balance = _norm(ours) / (_norm(theirs) + 1e-4)
    return torch.clamp(balance, 0.0, limit).detach()
