"""`CodecObjective`: the loss a codec trains on, for pictures and sounds alike (spec section 11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int64
from pydantic import Field
from torch import Tensor, nn

from unio.codecs.codec import DiscreteCodec, Reconstruction
from unio.codecs.training.codebook_keeper import CodebookConfig, CodebookKeeper
from unio.codecs.training.colour_loss import colour_loss
from unio.codecs.training.discriminator import (
    DiscriminatorConfig,
    PatchDiscriminator,
    adaptive_weight,
    hinge_loss,
)
from unio.codecs.training.gradient_loss import multiscale_gradient_loss
from unio.core import Config

__all__ = ["AdversarialConfig", "CodecLoss", "CodecObjective", "CodecObjectiveConfig", "PerceptualLoss"]


class AdversarialConfig(Config):
    """The optional adversarial loss."""

    weight: float = Field(
        default=0.1, gt=0, description="Weight after balancing at the decoder's last layer."
    )
    start: float = Field(default=1 / 3, ge=0, lt=1, description="Share of the training before it begins.")
    discriminator: DiscriminatorConfig = Field(
        default_factory=lambda: DiscriminatorConfig(), description="Sizes of the discriminator."
    )


class CodecObjectiveConfig(Config):
    """Weights of the losses of a codec."""

    reconstruction: Literal["l1", "l2", "colour"] = Field(
        default="l1",
        description="Absolute or squared error of pixels or log-mels; or, for pictures, an error of colours.",
    )
    perceptual_weight: float = Field(default=1.0, ge=0, description="Weight of the perceptual loss.")
    codebook_weight: float = Field(
        default=1.0, ge=0, description="Weight of codes towards vectors (unused with moving averages)."
    )
    commitment_weight: float = Field(default=0.25, ge=0, description="Weight of vectors towards codes.")
    codebook: CodebookConfig = Field(
        default_factory=lambda: CodebookConfig(), description="How the codebook is kept."
    )
    adversarial: AdversarialConfig | None = Field(
        default=None, description="The adversarial loss; None: without."
    )


class PerceptualLoss(Protocol):
    """Compares pictures (batch, channels, height, width); a feature network may take this place."""

    def __call__(self, reconstruction: Tensor, target: Tensor, /) -> Tensor:
        """A scalar, 0 for equal pictures."""
        ...


_DISTANCES = {"l1": F.l1_loss, "l2": F.mse_loss, "colour": colour_loss}


@dataclass(frozen=True, kw_only=True, eq=False)
class CodecLoss:
    """``total`` to minimise; ``parts`` by name, unweighted and detached; what `after_step` needs."""

    total: Float[Tensor, ""]
    parts: Mapping[str, Float[Tensor, ""]]
    reconstruction: Float[Tensor, "batch ..."]
    codes: Int64[Tensor, "batch length"]
    vectors: Float[Tensor, "batch length code_dim"]


def _as_picture(media: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch channels height width"]:
    """Sounds (batch, frames, mels) become pictures of one channel."""
    return (media.unsqueeze(1) if media.ndim == 3 else media).float()


class CodecObjective(nn.Module):
    """The losses, the codebook's upkeep and the discriminator of one training.

    Its ``state_dict`` belongs into the training's checkpoint, never into the codec's weights.

    Example::

        objective = CodecObjective(config, codec)
        loss = objective(codec, batch, progress=step / steps)
        loss.total.backward(); optimiser.step(); objective.after_step(codec, loss)
        if objective.discriminator is not None:
            objective.discriminator_loss(batch, loss).backward(); discriminator_optimiser.step()
    """

    def __init__(
        self,
        config: CodecObjectiveConfig,
        codec: DiscreteCodec,
        *,
        perceptual: PerceptualLoss = multiscale_gradient_loss,
    ) -> None:
        super().__init__()
        self.config = config
        self.perceptual = perceptual
        quantizer = codec.quantizer
        self.keeper = CodebookKeeper(quantizer.num_codes, quantizer.code_dim, config=config.codebook)
        self.discriminator = (
            None
            if config.adversarial is None
            else PatchDiscriminator(codec.media_channels, config=config.adversarial.discriminator)
        )

    def forward(
        self, codec: DiscreteCodec, batch: Float[Tensor, "batch ..."], *, progress: float = 0.0
    ) -> CodecLoss:
        """The loss of one batch; ``progress`` is the share of the training done, in [0, 1]."""
        if self.training:
            with torch.no_grad():
                self.keeper.initialise(codec.quantizer, lambda: codec.encode_vectors(batch))
        result: Reconstruction = codec(batch, bypass_codebook=self.keeper.is_bypassing)
        ours, target = _as_picture(result.media), _as_picture(batch)
        weighted = self._weighted_parts(result, ours, target)
        total = torch.stack([weight * part for weight, part in weighted.values()]).sum()
        parts = {name: part.detach() for name, (_, part) in weighted.items()}
        if self.is_adversarial(progress) and self.discriminator is not None and self.config.adversarial:
            adversarial = -self.discriminator(ours).mean()
            balance = adaptive_weight(
                weighted["reconstruction"][1], adversarial, output_weight=codec.output_weight
            )
            total = total + self.config.adversarial.weight * balance * adversarial
            parts["adversarial"] = adversarial.detach()
        return CodecLoss(
            total=total,
            parts=parts,
            reconstruction=result.media.detach(),
            codes=result.codes,
            vectors=result.vectors,
        )

    def is_adversarial(self, progress: float) -> bool:
        """Whether the discriminator takes part at this share of the training."""
        return self.config.adversarial is not None and progress >= self.config.adversarial.start

    def discriminator_loss(self, batch: Float[Tensor, "batch ..."], loss: CodecLoss) -> Float[Tensor, ""]:
        """The discriminator's loss on a batch and its reconstruction; the codec gets no gradient."""
        assert self.discriminator is not None, "the configuration has no adversarial loss"
        real, fake = _as_picture(batch), _as_picture(loss.reconstruction)
        return hinge_loss(self.discriminator(real), self.discriminator(fake))

    def after_step(self, codec: DiscreteCodec, loss: CodecLoss) -> int:
        """Keep the codebook after the optimiser's step; the number of codes revived."""
        return self.keeper.update(codec.quantizer, vectors=loss.vectors, codes=loss.codes)

    def _weighted_parts(
        self, result: Reconstruction, ours: Tensor, target: Tensor
    ) -> dict[str, tuple[float, Tensor]]:
        """(weight, loss) by name. While the codebook is bypassed nothing pulls codes and vectors together."""
        config = self.config
        parts = {"reconstruction": (1.0, _DISTANCES[config.reconstruction](ours, target))}
        if config.perceptual_weight:
            parts["perceptual"] = (config.perceptual_weight, self.perceptual(ours, target))
        in_use = 0.0 if self.keeper.is_bypassing else 1.0
        by_gradient = in_use if config.codebook.update == "gradient" else 0.0
        parts["codebook"] = (by_gradient * config.codebook_weight, result.codebook_loss)
        parts["commitment"] = (in_use * config.commitment_weight, result.commitment_loss)
        return parts
