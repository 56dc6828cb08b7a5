"""LoRA and DoRA: small trained matrices beside frozen linear layers.

Hu et al., "LoRA: low-rank adaptation of large language models" (2021); Liu et al., "DoRA:
weight-decomposed low-rank adaptation" (2024). With W (out, in) frozen, B (out, rank) and A (rank, in):

    LoRA   W' = W + alpha / rank * B A
    DoRA   W' = m * V / |V|,  V = W + alpha / rank * B A,  |V| the norm of each output row, m learned

B begins at zero and m at |W|, so that an adapted layer begins as the layer it was. |V| is a constant to
the gradient, as the DoRA paper's section 4.3 has it.

The package peft does the same for models of another package, which it brings along; these forty lines
need neither, and names of the base weights stay what they are.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.core import random_stream
from unio.nn import product_dtype

__all__ = ["ADAPTER_NAMES", "AdaptedLinear"]

ADAPTER_NAMES = ("lora_a", "lora_b", "lora_magnitude")
"""Last parts of the names of adapter parameters."""


class AdaptedLinear(nn.Linear):
    """A linear layer whose weight and bias are frozen, with an adapter that is trained.

    It takes the place of ``base`` and shares its tensors. ``merge`` writes the adapted weight into
    ``weight`` and ``unmerge`` puts the old one back, bit for bit.
    """

    def __init__(
        self, base: nn.Linear, *, name: str, rank: int, alpha: float, has_magnitude: bool, seed: int
    ) -> None:
        """``name`` and ``seed`` alone decide the first values of A, uniform in +- sqrt(3 / in)."""
        nn.Module.__init__(self)
        self.in_features, self.out_features = base.in_features, base.out_features
        self.weight = base.weight.requires_grad_(False)
        self.bias = base.bias
        if self.bias is not None:  # pyright: ignore[reportUnnecessaryComparison]
            self.bias.requires_grad_(False)
        self.scaling = alpha / rank
        device = base.weight.device
        first = _first_values((rank, self.in_features), name=name, seed=seed)
        self.lora_a = nn.Parameter(first.to(device))
        self.lora_b = nn.Parameter(torch.zeros(self.out_features, rank, device=device))
        self.lora_magnitude = (
            nn.Parameter(_row_lengths(base.weight.detach().float())) if has_magnitude else None
        )
        self._base_weight: Tensor | None = None

    @property
    def is_merged(self) -> bool:
        """Whether ``weight`` holds the adapter."""
        return self._base_weight is not None

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, x: Float[Tensor, "*batch in"]
    ) -> Float[Tensor, "*batch out"]:
        """The adapted layer's output."""
        wide = product_dtype(x)
        return self._products(x) if wide is x.dtype else self._products(x.to(wide)).to(x.dtype)

    def _products(self, x: Float[Tensor, "*batch in"]) -> Float[Tensor, "*batch out"]:
        output = F.linear(x, _as_input(self.weight, x))
        if not self.is_merged:
            low = F.linear(F.linear(x, _as_input(self.lora_a, x)), _as_input(self.lora_b, x))
            output = output + self.scaling * low
            if self.lora_magnitude is not None:
                output = output * (self.lora_magnitude / self._row_norms()).to(output.dtype)
        return output if self.bias is None else output + self.bias.to(output.dtype)  # pyright: ignore[reportUnnecessaryComparison]

    @torch.no_grad()
    def merged_weight(self) -> Float[Tensor, "out in"]:
        """The weight of a plain linear layer that does the same, in float32."""
        total = self.weight.float() + self.scaling * (self.lora_b @ self.lora_a)
        if self.lora_magnitude is None:
            return total
        norms = _row_lengths(total)
        return total * (self.lora_magnitude / norms)[:, None]

    @torch.no_grad()
    def merge(self) -> None:
        """Put the adapter into ``weight``; nothing to do if it is there."""
        if self._base_weight is None:
            merged = self.merged_weight()
            self._base_weight = self.weight.detach().clone()
            self.weight.copy_(merged)

    @torch.no_grad()
    def unmerge(self) -> None:
        """Put the base weight back; nothing to do if it is there."""
        if self._base_weight is not None:
            self.weight.copy_(self._base_weight)
            self._base_weight = None

    @torch.no_grad()
    def _row_norms(self) -> Float[Tensor, " out"]:
        total = self.weight.float() + self.scaling * (self.lora_b @ self.lora_a)
        return _row_lengths(total)


def _row_lengths(weight: Float[Tensor, "out in"]) -> Float[Tensor, " out"]:
    return weight.square().sum(dim=1).sqrt()


def _as_input(weight: Tensor, x: Tensor) -> Tensor:
    """``weight`` for a product with ``x``: autocast converts both itself, elsewhere it must match."""
    return weight if torch.is_autocast_enabled(x.device.type) else weight.to(x.dtype)


def _first_values(shape: tuple[int, int], *, name: str, seed: int) -> Tensor:
    stream = random_stream(seed, "lora", name)
    generator = torch.Generator().manual_seed(int.from_bytes(stream.bytes(7), "little"))
    bound = math.sqrt(3 / shape[1])
    return torch.empty(shape).uniform_(-bound, bound, generator=generator)
