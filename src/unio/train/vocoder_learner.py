"""`VocoderLearner`: a vocoder, its objective and their optimisers (spec section 11)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from jaxtyping import Float, Int16
from torch import Tensor

from unio.codecs.training.vocoder_objective import VocoderLoss, VocoderObjective
from unio.codecs.vocoder import Vocoder
from unio.codecs.vocoder_folder import save_vocoder, vocode
from unio.media import draw_spectrogram, log_mel, save_audio, save_image, side_by_side
from unio.schema import AudioGeometry, Waveform
from unio.train.checkpoint import Parts, loading_state
from unio.train.optimiser import (
    OptimiserConfig,
    make_optimiser,
    optimiser_tensors,
    restore_optimiser,
    set_learning_rate,
)
from unio.train.pace import Pace
from unio.train.step import apply_gradients
from unio.train.step_report import StepReport, report_update

__all__ = ["VocoderLearner", "waveforms"]

HEARD = 4
"""Held-out sounds that are written beside their originals at each save."""


class VocoderLearner:
    """Learns from waveforms: it reads their log-mels and must give them back.

    ``held_out`` are sounds it never learns from; a few are written to ``sounds/`` at each save, as they
    are and as the vocoder makes them. Everything is float32: phases are finer than bfloat16.
    """

    def __init__(
        self,
        vocoder: Vocoder,
        objective: VocoderObjective,
        *,
        config: OptimiserConfig,
        geometry: AudioGeometry,
        held_out: Int16[np.ndarray, "count samples"],
        device: torch.device,
    ) -> None:
        self.vocoder = cast(Any, vocoder.train()).to(device)
        self.objective = cast(Any, objective.train()).to(device)
        self.learning_rate = 0.0
        self._config = config
        self._geometry = geometry
        self._held_out = held_out
        self._device = device
        self._optimiser = make_optimiser(self.vocoder, config)
        self._judge = self.objective.discriminator
        self._judge_optimiser = None if self._judge is None else make_optimiser(self._judge, config)

    def step(self, inputs: Int16[np.ndarray, "batch samples"], *, pace: Pace) -> StepReport:
        """One update of the vocoder, and of the judges where they take part."""
        self.learning_rate = self._config.learning_rate * pace.rate_share
        set_learning_rate(self._optimiser, self.learning_rate)
        target = waveforms(inputs).to(self._device)
        loss: VocoderLoss = self.objective(self._make(target), target, progress=pace.progress)
        torch.autograd.backward(loss.total)
        update = apply_gradients(self._optimiser, list(self.vocoder.parameters()), clip=self._config.clip)
        losses = {"loss": float(loss.total.detach())}
        losses |= {name: float(value) for name, value in loss.parts.items()}
        if self._judge_optimiser is not None and not update.is_skipped:
            self._judge_optimiser.zero_grad(set_to_none=True)  # the vocoder's loss went through the judges
            if self.objective.is_adversarial(pace.progress):
                losses["discriminator"] = self._train_judge(target, loss, self._judge_optimiser)
        return report_update(update, losses, examples=len(inputs))

    def parts(self) -> Parts:
        """Vocoder, judges and optimisers."""
        parts: dict[str, Mapping[str, Tensor]] = {
            "vocoder": self.vocoder.state_dict(),
            "optimiser": optimiser_tensors(self._optimiser, self.vocoder),
        }
        if self._judge is not None and self._judge_optimiser is not None:
            parts["objective"] = self.objective.state_dict()
            parts["judge_optimiser"] = optimiser_tensors(self._judge_optimiser, self._judge)
        return parts

    def restore(self, parts: Parts) -> None:
        """Put back what ``parts`` gave. Raises ``CheckpointError`` for another vocoder's."""
        with loading_state("vocoder"):
            self.vocoder.load_state_dict(parts["vocoder"])
            if self._judge is not None:
                self.objective.load_state_dict(parts["objective"])
        restore_optimiser(self._optimiser, self.vocoder, parts["optimiser"])
        if self._judge is not None and self._judge_optimiser is not None:
            restore_optimiser(self._judge_optimiser, self._judge, parts["judge_optimiser"])

    def sharding_of(self, key: str) -> Tensor | None:
        """None: a vocoder is trained by one process."""
        del key
        return None

    @torch.no_grad()
    def preview(self, folder: Path, *, step: int) -> str:
        """Save the vocoder, write held-out sounds and their spectrograms, tell how near they are."""
        rate = self._geometry.sample_rate
        save_vocoder(self.vocoder, folder / "vocoder", rate=rate)
        target = waveforms(self._held_out).to(self._device)
        mels = self.objective.mel(target)
        rows: list[np.ndarray] = []
        errors: list[float] = []
        for place, (samples, mel) in enumerate(zip(target, mels, strict=True)):
            made = vocode(self.vocoder, mel, rate=rate)
            ours = self.objective.mel(torch.as_tensor(made.samples, device=self._device)[None])[0]
            errors.append(float((ours - mel[: len(ours)]).abs().mean()))
            if place >= HEARD:
                continue
            original = Waveform(samples=samples.cpu().numpy(), rate=rate)
            save_audio(original, folder / "sounds" / f"{place}-original.wav")
            save_audio(made, folder / "sounds" / f"{place}-vocoder.wav")
            drawn = [draw_spectrogram(log_mel(one.samples, self._geometry)) for one in (original, made)]
            rows.append(side_by_side(drawn))
        save_image(np.concatenate(rows, axis=0), folder / "reconstructions.png")
        return f"step {step}: log-mel error {np.mean(errors):.3f} on {len(target)} unseen sounds"

    def _make(self, target: Float[Tensor, "batch samples"]) -> Float[Tensor, "batch samples"]:
        """The vocoder's waveforms from the log-mels of ``target``, as long as it."""
        frames = self.objective.mel(target)
        return self.vocoder(frames)[:, : target.shape[1]]

    def _train_judge(self, target: Tensor, loss: VocoderLoss, optimiser: torch.optim.Optimizer) -> float:
        assert self._judge is not None, "an optimiser has something to optimise"
        set_learning_rate(optimiser, self.learning_rate)
        judged = self.objective.discriminator_loss(target, loss)
        torch.autograd.backward(judged)
        apply_gradients(optimiser, list(self._judge.parameters()), clip=self._config.clip)
        return float(judged.detach())


def waveforms(samples: Int16[np.ndarray, "count samples"]) -> Float[Tensor, "count samples"]:
    """A pool's sounds in [-1, 1]."""
    return torch.as_tensor(samples.astype(np.float32) / 32767)
