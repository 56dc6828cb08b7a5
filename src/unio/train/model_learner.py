"""`ModelLearner`: the model, its optimiser and the average of its weights (spec section 12)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from unio.core import CheckpointError
from unio.model import LocationSmoothing, LossReport, UnifiedIO, compute_loss
from unio.schema import Batch, Paradigm, TargetModality
from unio.train.agreement import Agreement, agree, count_tokens
from unio.train.attribution import sums_by_kind
from unio.train.averaging import WeightAverage
from unio.train.bad_values import describe_bad_values
from unio.train.checkpoint import Parts
from unio.train.flops import train_flops
from unio.train.freezing import are_encoders_frozen
from unio.train.ghosts import with_ghosts
from unio.train.lengths import batch_lengths, padded_positions
from unio.train.model_state import model_tensors, restore_model
from unio.train.optimiser import (
    OptimiserConfig,
    make_optimiser,
    optimiser_tensors,
    restore_optimiser,
    set_learning_rate,
)
from unio.train.pace import Pace
from unio.train.processes import SOLO, Processes
from unio.train.spike_guard import SpikeGuard, SpikeGuardConfig
from unio.train.step import Precision, apply_gradients, autocast
from unio.train.step_report import StepReport, Sums, add_sums

__all__ = ["Export", "ModelLearner"]

Export = Callable[[UnifiedIO, Path, int], str]
"""Writes (model, run's folder, steps done) and says where."""

Z_LOSS = "z_loss/"
"""Beginning of the names of z-losses in the log."""


class ModelLearner:
    """Learns from a sequence of batches at a time, whose gradients are added up.

    A step's loss is that of all its batches, of all ``processes``, taken as one: each modality's mean
    is over its counted tokens in all of them. ``export`` writes the model for use into the run's
    folder; it is called at each save, with the averaged weights in place. With ``trained_only``,
    checkpoints leave out the weights that are not trained: they come from the folder a run starts from.
    """

    def __init__(
        self,
        model: UnifiedIO,
        *,
        config: OptimiserConfig,
        precision: Precision,
        z_loss: float,
        average_decay: float,
        smoothing: LocationSmoothing | None = None,
        freeze_encoders: bool = False,
        tune_encoders_from: float | None = None,
        spike_guard: SpikeGuardConfig | None = None,
        paradigms: Mapping[int, Paradigm] | None = None,
        trained_only: bool = False,
        processes: Processes = SOLO,
        export: Export | None = None,
    ) -> None:
        self.model = model.train()
        self.average = WeightAverage(model, decay=average_decay)
        self.learning_rate = 0.0
        self.guard = None if spike_guard is None else SpikeGuard(spike_guard)
        self._config = config
        self._precision: Precision = precision
        self._z_loss = z_loss
        self._smoothing = smoothing
        self._freeze_encoders = freeze_encoders
        self._tune_encoders_from = tune_encoders_from
        self._paradigms = paradigms or {}
        self._trained_only = trained_only
        self._processes = processes
        self._export = export
        self._optimiser = make_optimiser(model, config)
        self._trained = [value for value in model.parameters() if value.requires_grad]

    def step(self, inputs: Sequence[Batch[np.ndarray]], *, pace: Pace) -> StepReport:
        """One update of the weights and of their average."""
        self.learning_rate = self._config.learning_rate * pace.rate_share
        set_learning_rate(self._optimiser, self.learning_rate)
        is_frozen = are_encoders_frozen(
            freeze=self._freeze_encoders, tune_from=self._tune_encoders_from, pace=pace
        )
        agreement = agree(inputs, processes=self._processes)
        reports = [
            self._backward(batch, agreement, place, is_frozen=is_frozen) for place, batch in enumerate(inputs)
        ]
        # Only now is anything read: a read waits until the device has done all it was given.
        losses = self._shared(_read_losses(inputs, reports, agreement))
        sums: Sums = {}
        for batch, report in zip(inputs, reports, strict=True):
            add_sums(sums, sums_by_kind(batch, report, paradigms=self._paradigms))
        update = apply_gradients(
            self._optimiser,
            self._trained,
            clip=self._config.clip,
            is_welcome=lambda: self.guard is None or self.guard.admits(losses["loss"]),
        )
        if not update.is_skipped:
            self.average.update()
        lengths = [batch_lengths(batch, self.model.config) for batch in inputs]
        return StepReport(
            losses=losses,
            sums=sums,
            gradient_norm=update.gradient_norm,
            is_skipped=update.is_skipped,
            reason=self._reason(inputs, update.gradient_norm) if update.is_skipped else None,
            tokens=int(sum(count_tokens(batch, name) for batch in inputs for name in batch.targets)),
            examples=sum(batch.size for batch in inputs),
            real=sum(one.positions for one in lengths),
            positions=sum(padded_positions(batch) for batch in inputs),
            flops=sum(
                train_flops(
                    self.model.config, one, frozen_encoders=is_frozen, frozen_weights=self._trained_only
                )
                for one in lengths
            ),
        )

    def parts(self) -> Parts:
        """Weights (codecs included, so that a checkpoint needs no other file), average, optimiser."""
        parts: dict[str, Mapping[str, Tensor]] = {
            "model": model_tensors(self.model, trained_only=self._trained_only),
            "average": self.average.tensors(),
            "optimiser": optimiser_tensors(self._optimiser, self.model),
        }
        if self.guard is not None:
            parts["guard"] = {"state": self.guard.tensor()}
        return parts

    def restore(self, parts: Parts) -> None:
        """Put back what ``parts`` gave. Raises ``CheckpointError`` for another model's.

        A guard that the checkpoint knows nothing of begins anew.
        """
        restore_model(self.model, parts.get("model", {}), trained_only=self._trained_only)
        try:
            self.average.restore(parts["average"])
        except KeyError as error:
            raise CheckpointError(
                "the checkpoint has no average of the weights",
                got=f"no {error.args[0]!r}",
                fix="resume with the average_decay of the checkpoint, or 0",
            ) from error
        restore_optimiser(self._optimiser, self.model, parts.get("optimiser", {}))
        if self.guard is not None and "guard" in parts:
            self.guard.restore(parts["guard"]["state"])

    def sharding_of(self, key: str) -> Tensor | None:
        """The parameter that a checkpoint's tensor ``key`` (``name`` or ``name:quantity``) belongs to."""
        return dict(self.model.named_parameters()).get(key.partition(":")[0])

    def preview(self, folder: Path, *, step: int) -> str | None:
        """Export the averaged weights."""
        if self._export is None:
            return None
        with self.average.swapped_in():
            return self._export(self.model, folder, step)

    def _backward(
        self,
        arrays: Batch[np.ndarray],
        agreement: Agreement,
        place: int,
        *,
        is_frozen: bool,
    ) -> LossReport:
        """Add the batch's share of the step's gradient; nothing of the report has one any more."""
        if self._processes.size > 1:
            streams, targets = agreement.present[place]
            arrays = with_ghosts(arrays, streams=streams, targets=targets, config=self.model.config)
        batch = arrays.map(self._to_device)
        with autocast(self.model.device, self._precision):
            report = compute_loss(
                self.model,
                batch,
                z_loss=self._z_loss,
                smoothing=self._smoothing,
                freeze_encoders=is_frozen,
            )
        shares = _shares(arrays, report, agreement)
        terms = [report.modalities[name].total * share for name, share in shares.items()]
        # Gradients are averaged over the processes; the loss is a sum over them.
        torch.autograd.backward(torch.stack(terms).sum() * self._processes.size)
        return report.detached()

    def _shared(self, losses: dict[str, float]) -> dict[str, float]:
        """Sums over the processes; modalities that none has are left out."""
        if self._processes.size == 1:
            return losses
        names = ["loss", *(f"{kind}{name.value}" for name in TargetModality for kind in ("", Z_LOSS))]
        totals = self._processes.sum([losses.get(name, 0.0) for name in names])
        return {name: total for name, total in zip(names, totals, strict=True) if name in losses}

    def _reason(self, inputs: Sequence[Batch[np.ndarray]], norm: float) -> str:
        if np.isfinite(norm):
            return "its loss is a spike"
        found = next((text for batch in inputs if (text := describe_bad_values(batch))), None)
        told = self._processes.gather(found)  # the norm is the same in all, so that all come here
        return next((text for text in told if text), "its gradient is not finite")

    def _to_device(self, array: np.ndarray) -> Tensor:
        return torch.as_tensor(array).to(self.model.device, non_blocking=True)


def _shares(
    batch: Batch[np.ndarray], report: LossReport, agreement: Agreement
) -> dict[TargetModality, float]:
    """The part that a batch's mean loss of each modality has in that of the step: that of its tokens."""
    return {name: count_tokens(batch, name) / max(agreement.tokens[name], 1.0) for name in report.modalities}


def _read_losses(
    batches: Sequence[Batch[np.ndarray]], reports: Sequence[LossReport], agreement: Agreement
) -> dict[str, float]:
    """``loss``, what is differentiated, and each modality's cross-entropy and z-loss, of all batches."""
    values = [
        torch.stack([one.total, one.cross_entropy, one.z_loss])
        for report in reports
        for one in report.modalities.values()
    ]
    read = iter(torch.stack(values).double().cpu().numpy())
    losses: dict[str, float] = {"loss": 0.0}
    for batch, report in zip(batches, reports, strict=True):
        for name, share in _shares(batch, report, agreement).items():
            total, cross_entropy, z_loss = (float(value) for value in next(read))
            losses["loss"] += share * total
            for key, value in ((name.value, cross_entropy), (f"{Z_LOSS}{name.value}", z_loss)):
                losses[key] = losses.get(key, 0.0) + share * value
    return losses
