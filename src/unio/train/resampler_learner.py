"""`ResamplerLearner`: a history's latents learn to hold what stands where (our own stage)."""

import math
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from unio.infer import GENERATION_FILE, TRAINING_FILE
from unio.media import normalise_clip
from unio.model import UnifiedIO, save_model
from unio.schema import Stream
from unio.train.checkpoint import Parts, loading_state
from unio.train.export import SHARD_BYTES, TOKENIZER_FILE
from unio.train.optimiser import (
    OptimiserConfig,
    make_optimiser,
    optimiser_tensors,
    restore_optimiser,
    set_learning_rate,
)
from unio.train.pace import Pace
from unio.train.reconstructions import draw_reconstructions
from unio.train.step import Precision, apply_gradients, autocast
from unio.train.step_report import StepReport, report_update

__all__ = ["ResamplerLearner", "frame_patches", "latent_grid"]


def latent_grid(count: int) -> tuple[int, int]:
    """Rows and columns of a frame's cells, one for each of ``count`` latents: as square as can be.

    Example: 16 latents lie 4 x 4, 32 lie 4 x 8.
    """
    rows = next(rows for rows in range(math.isqrt(count), 0, -1) if count % rows == 0)
    return rows, count // rows


def frame_patches(
    frames: Float[Tensor, "count 3 height width"], *, grid: tuple[int, int]
) -> Float[Tensor, "count patches values"]:
    """``grid`` patches of each frame, on its device, as `unio.media.image_patches` cuts them."""
    rows, columns = grid
    count, channels, height, width = frames.shape
    cut = frames.reshape(count, channels, rows, height // rows, columns, width // columns)
    return cut.permute(0, 2, 4, 3, 5, 1).reshape(count, rows * columns, -1)


class ResamplerLearner:
    """Teaches each latent of a frame its own cell of it, through a line that is the same for all.

    Without that the latents learn last of all where things are (``docs/log.md``). The frame's cells lie as
    `latent_grid` says; of each, ``detail`` x ``detail`` pixels are asked for, as the ViT's input has them.
    Only the resampler learns: what the ViT tells stays as it is. What is saved goes without the line, and has
    its latents as loud as a picture's patches.

    Args:
        folder: where ``model`` comes from: its tokenizer and defaults go with what is saved.
        held_out: (count, size, size, 3) uint8 frames that are never learned from.
    """

    def __init__(
        self,
        model: UnifiedIO,
        *,
        folder: Path,
        detail: int,
        config: OptimiserConfig,
        held_out: UInt8[np.ndarray, "count height width 3"],
        device: torch.device,
        precision: Precision,
    ) -> None:
        self.learning_rate = 0.0
        self._model = model.requires_grad_(requires_grad=False).to(device)
        self._history = model.input_embedders.image_history
        self._folder, self._detail = folder, detail
        self._config, self._held_out = config, held_out
        self._device = device
        self._precision: Precision = precision
        reader = nn.Linear(self._history.dim, 3 * detail**2, device=device)
        self._learned = nn.ModuleDict({"resampler": self._history.resampler, "reader": reader})
        self._learned.requires_grad_(requires_grad=True)
        self._optimiser = make_optimiser(self._learned, config)

    def step(self, inputs: UInt8[np.ndarray, "count height width 3"], *, pace: Pace) -> StepReport:
        """One update of the resampler."""
        self.learning_rate = self._config.learning_rate * pace.rate_share
        set_learning_rate(self._optimiser, self.learning_rate)
        frames = self._frames(inputs)
        with autocast(self._device, self._precision):
            again = self._read(frames)
        loss = F.mse_loss(again.float(), self._small(frames))
        torch.autograd.backward(loss)
        update = apply_gradients(self._optimiser, list(self._learned.parameters()), clip=self._config.clip)
        return report_update(update, {"loss": float(loss.detach())}, examples=len(inputs))

    def parts(self) -> Parts:
        """Resampler, line and optimiser."""
        parts: dict[str, Mapping[str, Tensor]] = {
            "learned": self._learned.state_dict(),
            "optimiser": optimiser_tensors(self._optimiser, self._learned),
        }
        return parts

    def restore(self, parts: Parts) -> None:
        """Put back what ``parts`` gave. Raises ``CheckpointError`` for another model's."""
        with loading_state("resampler"):
            self._learned.load_state_dict(parts["learned"])
        restore_optimiser(self._optimiser, self._learned, parts["optimiser"])

    def sharding_of(self, key: str) -> Tensor | None:
        """None: a resampler is trained by one process."""
        del key
        return None

    @torch.no_grad()
    def preview(self, folder: Path, *, step: int) -> str:
        """Save the model, draw the held-out frames as the latents hold them, tell how much that is."""
        target = folder / "model"
        with self._loud():
            save_model(self._model, target, dtype="bfloat16", shard_bytes=SHARD_BYTES)
        for name in (TOKENIZER_FILE, GENERATION_FILE, TRAINING_FILE):
            if (self._folder / name).exists():
                shutil.copyfile(self._folder / name, target / name)
        frames = self._frames(self._held_out)
        with autocast(self._device, self._precision):
            again = self._read(frames).float()
        true = self._small(frames)
        draw_reconstructions(true.cpu(), again.cpu(), folder / "reconstructions.png")
        share = 1 - float((again - true).square().mean() / (true - true.mean(dim=0)).square().mean())
        return f"step {step}: latents hold {share:.0%} of the variance of {len(true)} unseen frames"

    @contextmanager
    def _loud(self) -> Generator[None]:
        """Latents as loud as the patches of a picture, as the trunk is used to them.

        Beside louder streams they would be drowned by the trunk's first block.
        """
        frames = self._frames(self._held_out)
        seen = self._model.input_embedders.image
        patches = _resized(frames, size=self._model.config.geometry.image.input_size)
        embedded = seen(self._stream(patches, grid=seen.grid), freeze_encoder=True).hidden
        gain = embedded.square().mean().sqrt() / self._latents(frames).float().square().mean().sqrt()
        weight = self._history.resampler.output_projection.weight
        quiet = weight.detach().clone()
        weight.mul_(gain)
        try:
            yield
        finally:
            weight.copy_(quiet)

    def _frames(self, pixels: UInt8[np.ndarray, "count h w 3"]) -> Float[Tensor, "count 3 height width"]:
        """Pictures as the ViT's input has them, in the size of the history's frames."""
        values = normalise_clip(pixels.astype(np.float32) / 255)
        frames = torch.as_tensor(values, device=self._device).movedim(-1, 1)
        return _resized(frames, size=self._model.config.geometry.image.history_size)

    def _small(self, frames: Float[Tensor, "count 3 height width"]) -> Float[Tensor, "count 3 rows columns"]:
        """What is asked of the latents: the frames in ``detail`` pixels a cell."""
        rows, columns = latent_grid(self._history.num_latents)
        return F.adaptive_avg_pool2d(frames, (rows * self._detail, columns * self._detail))

    def _read(self, frames: Float[Tensor, "count 3 height width"]) -> Float[Tensor, "count 3 rows columns"]:
        """The same, read from the latents."""
        latents = self._latents(frames)
        rows, columns = latent_grid(self._history.num_latents)
        cells = cast(Any, self._learned["reader"])(latents)
        cells = cells.reshape(len(frames), rows, columns, 3, self._detail, self._detail)
        return cells.permute(0, 3, 1, 4, 2, 5).reshape(len(frames), 3, rows * self._detail, -1)

    def _latents(self, frames: Float[Tensor, "count 3 height width"]) -> Float[Tensor, "count latents dim"]:
        stream = self._stream(frames, grid=self._history.grid)
        with torch.no_grad():
            features = self._model.input_embedders.image.encoder(
                stream.values, mask=stream.mask, positions=stream.positions, grid=self._history.grid
            ).last
        return self._history.resampler(features, mask=stream.mask)

    def _stream(
        self, frames: Float[Tensor, "count 3 height width"], *, grid: tuple[int, int]
    ) -> Stream[Tensor]:
        """Whole pictures as the stream of that name."""
        patches = frame_patches(frames, grid=grid)
        count, length = patches.shape[:2]
        return Stream(
            values=patches,
            mask=torch.ones(count, length, dtype=torch.bool, device=self._device),
            positions=torch.arange(length, device=self._device).expand(count, -1),
            rows=torch.arange(count, device=self._device),
        )


def _resized(
    frames: Float[Tensor, "count 3 height width"], *, size: int
) -> Float[Tensor, "count 3 side side"]:
    if frames.shape[-1] == size:
        return frames
    return F.interpolate(frames, size=(size, size), mode="bilinear", antialias=True)
