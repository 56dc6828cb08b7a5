"""`ModelLearner`: the model, its optimiser and the average of its weights (spec section 12)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from unio.core import CheckpointError
from unio.model import UnifiedIO, compute_loss
from unio.schema import Batch
from unio.train.averaging import WeightAverage
from unio.train.checkpoint import Parts
from unio.train.meters import StepReport
from unio.train.optimiser import (
    OptimiserConfig,
    make_optimiser,
    optimiser_tensors,
    restore_optimiser,
    set_learning_rate,
)
from unio.train.pace import Pace
from unio.train.step import Precision, apply_gradients, autocast

__all__ = ["Export", "ModelLearner"]

Export = Callable[[UnifiedIO, Path, int], str]
"""Writes (model, run's folder, steps done) and says where."""


class ModelLearner:
    """Learns from a sequence of batches at a time, whose gradients are added up.

    ``export`` writes the model for use into the run's folder; it is called at each save, with the
    averaged weights in place.
    """

    def __init__(
        self,
        model: UnifiedIO,
        *,
        config: OptimiserConfig,
        precision: Precision,
        z_loss: float,
        average_decay: float,
        freeze_encoders: bool = False,
        export: Export | None = None,
    ) -> None:
        self.model = model.train()
        self.average = WeightAverage(model, decay=average_decay)
        self.learning_rate = 0.0
        self._config = config
        self._precision: Precision = precision
        self._z_loss = z_loss
        self._freeze_encoders = freeze_encoders
        self._export = export
        self._optimiser = make_optimiser(model, config)
        self._trained = [value for value in model.parameters() if value.requires_grad]

    def step(self, inputs: Sequence[Batch[np.ndarray]], *, pace: Pace) -> StepReport:
        """One update of the weights and of their average."""
        self.learning_rate = self._config.learning_rate * pace.rate_share
        set_learning_rate(self._optimiser, self.learning_rate)
        losses: dict[str, float] = {}
        tokens = 0
        for arrays in inputs:
            tokens += self._accumulate(arrays.map(self._to_device), losses, share=1 / len(inputs))
        update = apply_gradients(self._optimiser, self._trained, clip=self._config.clip)
        if not update.is_skipped:
            self.average.update()
        return StepReport(
            losses=losses,
            gradient_norm=update.gradient_norm,
            is_skipped=update.is_skipped,
            tokens=tokens,
            examples=sum(arrays.size for arrays in inputs),
        )

    def parts(self) -> Parts:
        """Weights (codecs included, so that a checkpoint needs no other file), average, optimiser."""
        return {
            "model": self.model.state_dict(),
            "average": self.average.tensors(),
            "optimiser": optimiser_tensors(self._optimiser, self.model),
        }

    def restore(self, parts: Parts) -> None:
        """Put back what ``parts`` gave. Raises ``CheckpointError`` for another model's."""
        try:
            self.model.load_state_dict(parts["model"])
            self.average.restore(parts["average"])
        except (RuntimeError, KeyError) as error:
            raise CheckpointError(
                "the checkpoint belongs to another model",
                got=str(error).splitlines()[-1].strip(),
                fix="resume with its configuration, or start in another folder",
            ) from error
        restore_optimiser(self._optimiser, self.model, parts["optimiser"])

    def preview(self, folder: Path, *, step: int) -> str | None:
        """Export the averaged weights."""
        if self._export is None:
            return None
        with self.average.swapped_in():
            return self._export(self.model, folder, step)

    def _accumulate(self, batch: Batch[Tensor], losses: dict[str, float], *, share: float) -> int:
        """Add ``share`` of the batch's gradient and losses; its target tokens."""
        with autocast(self.model.device, self._precision):
            report = compute_loss(
                self.model, batch, z_loss=self._z_loss, freeze_encoders=self._freeze_encoders
            )
        torch.autograd.backward(report.total * share)
        measured: Mapping[str, Tensor] = {
            "loss": report.total.detach(),
            **{name.value: value for name, value in report.by_modality.items()},
        }
        for name, value in measured.items():
            losses[name] = losses.get(name, 0.0) + share * float(value)
        return int(sum(float(count) for count in report.tokens.values()))

    def _to_device(self, array: np.ndarray) -> Tensor:
        return torch.as_tensor(array).to(self.model.device, non_blocking=True)
