"""`CodecLearner`: one codec, its objective and its optimisers (spec section 11)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from unio.codecs import VQGAN, ViTVQGAN
from unio.codecs.training import CodecLoss, CodecObjective, CodeUsage
from unio.media import write_whole
from unio.train.checkpoint import Parts, loading_state
from unio.train.codec_folder import save_codec
from unio.train.optimiser import (
    OptimiserConfig,
    make_optimiser,
    optimiser_tensors,
    restore_optimiser,
    set_learning_rate,
)
from unio.train.pace import Pace
from unio.train.reconstructions import draw_reconstructions, signal_to_noise
from unio.train.step import Precision, apply_gradients, autocast
from unio.train.step_report import StepReport, report_update
from unio.train.svg_chart import bars

__all__ = ["CodecLearner", "media_tensor"]

CODE_USE = "code_use.svg"
"""What the live page of a codec's run shows beside the reconstructions."""


class CodecLearner:
    """Learns from media as a pool holds them.

    ``held_out`` are media it never learns from: their reconstructions are drawn at each save, and their
    signal-to-noise ratio printed.
    """

    def __init__(
        self,
        codec: VQGAN | ViTVQGAN,
        objective: CodecObjective,
        *,
        config: OptimiserConfig,
        held_out: np.ndarray,
        device: torch.device,
        precision: Precision,
    ) -> None:
        cast(Any, codec.train()).to(device=device, memory_format=torch.channels_last)  # a form without types
        objective.train().to(device=device)
        self.codec: VQGAN | ViTVQGAN = codec
        self.objective: CodecObjective = objective
        self._config = config
        self._held_out = held_out
        self._device = device
        self._precision: Precision = precision
        self._optimiser = make_optimiser(self.codec, config)
        self._judge = objective.discriminator
        self._judge_optimiser = None if self._judge is None else make_optimiser(self._judge, config)
        self._usage = CodeUsage(codec.quantizer.num_codes)
        self.learning_rate = 0.0

    def step(self, inputs: np.ndarray, *, pace: Pace) -> StepReport:
        """One update of the codec, its codebook, and the discriminator where it takes part."""
        self.learning_rate = self._config.learning_rate * pace.rate_share
        media = media_tensor(inputs).to(self._device)
        set_learning_rate(self._optimiser, self.learning_rate)
        with autocast(self._device, self._precision):
            loss: CodecLoss = self.objective(self.codec, media, progress=pace.progress)
        torch.autograd.backward(loss.total)
        update = apply_gradients(self._optimiser, list(self.codec.parameters()), clip=self._config.clip)
        losses = {"loss": float(loss.total.detach())}
        losses |= {name: float(value) for name, value in loss.parts.items()}
        if not update.is_skipped:
            self.objective.after_step(self.codec, loss)
            self._usage.update(loss.codes)
            if self.objective.is_adversarial(pace.progress):
                losses["discriminator"] = self._train_judge(media, loss)
        return report_update(update, losses, examples=len(inputs))

    def parts(self) -> Parts:
        """Codec, objective (codebook upkeep, discriminator) and optimisers."""
        parts: dict[str, Mapping[str, Tensor]] = {
            "codec": self.codec.state_dict(),
            "objective": self.objective.state_dict(),
            "optimiser": optimiser_tensors(self._optimiser, self.codec),
        }
        if self._judge is not None and self._judge_optimiser is not None:
            parts["judge_optimiser"] = optimiser_tensors(self._judge_optimiser, self._judge)
        return parts

    def restore(self, parts: Parts) -> None:
        """Put back what ``parts`` gave. Raises ``CheckpointError`` for another codec's."""
        with loading_state("codec"):
            self.codec.load_state_dict(parts["codec"])
            self.objective.load_state_dict(parts["objective"])
        restore_optimiser(self._optimiser, self.codec, parts["optimiser"])
        if self._judge is not None and self._judge_optimiser is not None:
            restore_optimiser(self._judge_optimiser, self._judge, parts["judge_optimiser"])

    def sharding_of(self, key: str) -> Tensor | None:
        """None: a codec is trained by one process."""
        del key
        return None

    @torch.no_grad()
    def preview(self, folder: Path, *, step: int) -> str:
        """Save the codec, draw reconstructions of the held-out media, tell how good they are."""
        save_codec(self.codec, folder / "codec")
        media = media_tensor(self._held_out).to(self._device)
        with autocast(self._device, self._precision):
            again = self.codec.decode(self.codec.encode(media)).float()
        draw_reconstructions(media.cpu(), again.cpu(), folder / "reconstructions.png")
        drawn = bars(
            "how often each code occurred, commonest first", [float(count) for count in self._usage.counts]
        )
        write_whole(folder / CODE_USE, drawn.encode())
        line = (
            f"step {step}: {signal_to_noise(media, again):.2f} dB on {len(media)} unseen, "
            f"{100 * self._usage.share:.1f} % of the codes in use, perplexity {self._usage.perplexity:.0f}"
        )
        self._usage.reset()
        return line

    def _train_judge(self, media: Tensor, loss: CodecLoss) -> float:
        assert self._judge is not None, "adversarial training has a judge"
        assert self._judge_optimiser is not None, "a judge has an optimiser"
        set_learning_rate(self._judge_optimiser, self.learning_rate)
        self._judge_optimiser.zero_grad(set_to_none=True)
        with autocast(self._device, self._precision):
            judged = self.objective.discriminator_loss(media, loss)
        torch.autograd.backward(judged)
        apply_gradients(self._judge_optimiser, list(self._judge.parameters()), clip=self._config.clip)
        return float(judged.detach())


def media_tensor(media: np.ndarray) -> Tensor:
    """A pool's media as a codec reads them.

    uint8 pictures (count, height, width, 3) become (count, 3, height, width) in [-1, 1]; float16
    log-mels (count, frames, mels) become float32.
    """
    if media.dtype == np.uint8:
        # A permuted view of (height, width, channels) is channels-last: convolutions like it as it is.
        return torch.as_tensor(media).permute(0, 3, 1, 2).float() / 127.5 - 1
    return torch.as_tensor(media.astype(np.float32))
