"""The training loss: cross-entropy and z-loss, averaged within each target modality (spec section 12)."""

from dataclasses import dataclass, fields

import torch
from jaxtyping import Float, Int
from torch import Tensor

from unio.core import InputError
from unio.model.location_smoothing import LocationSmoothing
from unio.model.unified_io import UnifiedIO
from unio.schema import Batch, Target, TargetModality

__all__ = ["LossReport", "ModalityLoss", "compute_loss", "token_losses"]


@dataclass(frozen=True, kw_only=True, eq=False)
class ModalityLoss:
    """One target modality: means over its counted tokens, and counts, all scalars on the model's device.

    ``smoothing`` is what soft targets add to the cross-entropy, and ``emphasis`` what weights of the codes
    do; 0 without them. ``by_token`` is the cross-entropy of each counted token, 0 elsewhere, without
    gradient.
    """

    cross_entropy: Float[Tensor, ""]
    z_loss: Float[Tensor, ""]
    smoothing: Float[Tensor, ""]
    emphasis: Float[Tensor, ""]
    tokens: Float[Tensor, ""]
    correct: Float[Tensor, ""]
    by_token: Float[Tensor, "count length"]

    @property
    def total(self) -> Float[Tensor, ""]:
        """What to differentiate."""
        return self.cross_entropy + self.z_loss + self.smoothing + self.emphasis

    def detached(self) -> "ModalityLoss":
        """The same numbers without the graph behind them."""
        return ModalityLoss(**{one.name: getattr(self, one.name).detach() for one in fields(self)})

    @property
    def accuracy(self) -> Float[Tensor, ""]:
        """Share of counted tokens whose best logit is the right one."""
        return self.correct / self.tokens.clamp(min=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class LossReport:
    """``total`` is what to differentiate: each modality's total, summed 1:1:1."""

    total: Float[Tensor, ""]
    modalities: dict[TargetModality, ModalityLoss]

    def detached(self) -> "LossReport":
        """The same numbers without the graph behind them."""
        return LossReport(
            total=self.total.detach(),
            modalities={name: loss.detached() for name, loss in self.modalities.items()},
        )

    @property
    def by_modality(self) -> dict[TargetModality, Float[Tensor, ""]]:
        """Mean cross-entropy a token of each modality."""
        return {name: loss.cross_entropy.detach() for name, loss in self.modalities.items()}

    @property
    def tokens(self) -> dict[TargetModality, Float[Tensor, ""]]:
        """Counted tokens of each modality."""
        return {name: loss.tokens for name, loss in self.modalities.items()}

    @property
    def correct(self) -> dict[TargetModality, Float[Tensor, ""]]:
        """Counted tokens of each modality that the best logit got right."""
        return {name: loss.correct for name, loss in self.modalities.items()}


def token_losses(
    logits: Float[Tensor, "count length vocab"], ids: Int[Tensor, "count length"]
) -> tuple[Float[Tensor, "count length"], Float[Tensor, "count length"]]:
    """Cross-entropy of each token, and log Z of each position."""
    log_z = logits.logsumexp(dim=-1)
    chosen = logits.gather(-1, ids.long().unsqueeze(-1)).squeeze(-1)
    return log_z - chosen, log_z


def compute_loss(
    model: UnifiedIO,
    batch: Batch[Tensor],
    *,
    z_loss: float = 1e-4,
    smoothing: LocationSmoothing | None = None,
    freeze_encoders: bool = False,
) -> LossReport:
    """The loss of a batch with targets, tokenizing pictures and sounds where that has not been done.

    ``z_loss`` weighs the squared log-partition; ``smoothing`` softens a text's location tokens.
    Raises ``InputError`` for a batch without targets.
    """
    if not batch.targets:
        raise InputError("the batch has no targets to learn from")
    batch = model.tokenize_targets(batch)
    logits: dict[TargetModality, Tensor] = model(batch, freeze_encoders=freeze_encoders)
    losses: dict[TargetModality, ModalityLoss] = {}
    for modality, target in batch.targets.items():
        assert target.ids is not None, "tokenize_targets fills them"
        soft = smoothing if modality is TargetModality.TEXT else None
        losses[modality] = _modality_loss(logits[modality], target.ids, target, z_loss=z_loss, smoothing=soft)
    total = torch.stack([loss.total for loss in losses.values()]).sum()
    return LossReport(total=total, modalities=losses)


def _modality_loss(
    logits: Float[Tensor, "count length vocab"],
    ids: Int[Tensor, "count length"],
    target: Target[Tensor],
    *,
    z_loss: float,
    smoothing: LocationSmoothing | None,
) -> ModalityLoss:
    cross_entropy, log_z = token_losses(logits, ids)
    counted = target.mask.float()
    tokens = counted.sum()
    divisor = tokens.clamp(min=1)
    surplus = torch.zeros_like(counted) if smoothing is None else smoothing.surplus(logits, ids)
    beyond = torch.zeros_like(counted) if target.weights is None else target.weights - 1
    return ModalityLoss(
        cross_entropy=(cross_entropy * counted).sum() / divisor,
        z_loss=z_loss * (log_z.square() * counted).sum() / divisor,
        smoothing=(surplus * counted).sum() / divisor,
        emphasis=(beyond * cross_entropy * counted).sum() / divisor,
        tokens=tokens,
        correct=((logits.detach().argmax(dim=-1) == ids) & target.mask).sum().float(),
        by_token=(cross_entropy * counted).detach(),
    )
