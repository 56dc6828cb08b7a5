"""Keeps a codebook alive while its codec trains: first rows from data, moving averages, revival.

All of it is state of the training, not of the codec: the codec's parameters stay those of spec section 11.
"""

from collections.abc import Callable
from typing import Literal

import torch
from jaxtyping import Float, Int64
from pydantic import Field
from torch import Tensor, nn

from unio.codecs.training.kmeans import kmeans
from unio.codecs.vector_quantizer import VectorQuantizer
from unio.core import Config

__all__ = ["CodebookConfig", "CodebookKeeper"]


class CodebookConfig(Config):
    """How the codebook is started, moved and kept in use."""

    update: Literal["gradient", "average"] = Field(
        default="gradient",
        description="Codes follow the codebook loss, or a moving average of their vectors.",
    )
    decay: float = Field(default=0.99, gt=0, lt=1, description="Decay of the moving average, a step.")
    bypass_steps: int = Field(
        default=0, ge=0, description="First steps in which the decoder sees unquantised vectors."
    )
    kmeans_iterations: int = Field(
        default=10, ge=0, description="Iterations of k-means for the first codes; 0 takes plain vectors."
    )
    revive_after: int | None = Field(
        default=100, gt=0, description="Steps without use after which a code is replaced; None: never."
    )
    seed: int = Field(default=0, description="Seed of the choice of vectors.")


class CodebookKeeper(nn.Module):
    """Training state of one codebook, saved and restored through ``state_dict``.

    Each random choice is a function of (seed, step), so a resumed training makes the same ones.
    """

    step: Tensor
    idle_steps: Tensor
    mean_counts: Tensor
    mean_sums: Tensor

    def __init__(self, num_codes: int, code_dim: int, *, config: CodebookConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("step", torch.zeros((), dtype=torch.int64))
        self.register_buffer("idle_steps", torch.zeros(num_codes, dtype=torch.int64))
        self.register_buffer("mean_counts", torch.ones(num_codes))
        self.register_buffer("mean_sums", torch.zeros(num_codes, code_dim))

    @property
    def is_bypassing(self) -> bool:
        """Whether the codebook is not in use yet."""
        return int(self.step) < self.config.bypass_steps

    def _generator(self) -> torch.Generator:
        return torch.Generator().manual_seed(self.config.seed * 1_000_003 + int(self.step))

    @torch.no_grad()
    def initialise(
        self, quantizer: VectorQuantizer, encode: Callable[[], Float[Tensor, "batch length code_dim"]]
    ) -> None:
        """At the step at which the codebook comes into use, start it with k-means centres of ``encode()``.

        At every other step nothing happens and nothing is encoded.
        """
        if int(self.step) != self.config.bypass_steps:
            return
        comparable = quantizer.comparable(encode()).flatten(0, 1)
        centres = kmeans(
            comparable,
            quantizer.num_codes,
            iterations=self.config.kmeans_iterations,
            generator=self._generator(),
        )
        quantizer.embedding.weight.copy_(centres)
        self.mean_sums.copy_(centres)
        self.mean_counts.fill_(1)
        self.idle_steps.zero_()

    @torch.no_grad()
    def take_over(self, quantizer: VectorQuantizer) -> None:
        """Keep the codes of a codec that goes on training, instead of starting them from data."""
        self.step.fill_(self.config.bypass_steps + 1)
        self.mean_sums.copy_(quantizer.embedding.weight)
        self.mean_counts.fill_(1)

    @torch.no_grad()
    def update(
        self,
        quantizer: VectorQuantizer,
        *,
        vectors: Float[Tensor, "batch length code_dim"],
        codes: Int64[Tensor, "batch length"],
    ) -> int:
        """Count a step, move averages, revive codes; the number of codes revived."""
        revived = 0
        if not self.is_bypassing:
            comparable = quantizer.comparable(vectors).flatten(0, 1)
            counts = torch.bincount(codes.flatten(), minlength=quantizer.num_codes)
            if self.config.update == "average":
                self._move(quantizer, comparable, codes.flatten(), counts)
            self.idle_steps = torch.where(counts > 0, 0, self.idle_steps + 1)
            revived = self._revive(quantizer, comparable)
        self.step += 1
        return revived

    def _move(self, quantizer: VectorQuantizer, vectors: Tensor, codes: Tensor, counts: Tensor) -> None:
        """Codes become the mean of the vectors they stood for, recent ones counting most."""
        sums = torch.zeros_like(self.mean_sums).index_add_(0, codes, vectors)
        self.mean_counts.lerp_(counts.float(), 1 - self.config.decay)
        self.mean_sums.lerp_(sums, 1 - self.config.decay)
        in_use = (self.mean_counts > 1e-3)[:, None]  # below, the quotient would be mostly rounding
        means = self.mean_sums / self.mean_counts.clamp(min=1e-3)[:, None]
        weight = quantizer.embedding.weight
        weight.copy_(torch.where(in_use, means, weight))

    def _revive(self, quantizer: VectorQuantizer, vectors: Tensor) -> int:
        """Codes idle for too long become vectors of this batch."""
        if self.config.revive_after is None:
            return 0
        dead = (self.idle_steps >= self.config.revive_after).nonzero().flatten()[: len(vectors)]
        chosen = torch.randperm(len(vectors), generator=self._generator())[: len(dead)]
        fresh = vectors[chosen.to(vectors.device)]
        quantizer.embedding.weight[dead] = fresh
        self.mean_sums[dead] = fresh
        self.mean_counts[dead] = 1
        self.idle_steps[dead] = 0
        return len(dead)
