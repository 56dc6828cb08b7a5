"""Matrices of 8 or 4 bits a weight, for decoding on a CPU, where reading the weights takes the time.

Only weights are quantised: activations stay as they are, so a matrix still multiplies any input. torch's
packed kernels widen the weights in registers, on their way from memory.
"""

from abc import ABC, abstractmethod
from typing import Literal, Self

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.nn.precision import product_dtype

__all__ = ["GROUP", "Int4Linear", "Int8Linear", "Quantisation", "QuantisedLinear"]

Quantisation = Literal["int8", "int4"]
"""``int8`` has one scale an output channel, ``int4`` one scale and one offset for each 32 weights of it."""

GROUP = 32
"""Weights that share a scale in 4 bits; both kernels take inputs of whole groups only."""

MOST_PACKED_ROWS = 16
"""With more rows than this, widening the matrix once is faster than the 8-bit kernel."""


class QuantisedLinear(nn.Module, ABC):
    """Takes the place of an ``nn.Linear`` without bias. There are no gradients."""

    @classmethod
    @abstractmethod
    def from_linear(cls, linear: nn.Linear) -> Self:
        """The quantised matrix; it multiplies inputs of the dtype that ``linear`` has."""

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """Bytes that one product reads: weights, scales and offsets."""

    def forward(self, x: Float[Tensor, "*batch inputs"]) -> Float[Tensor, "*batch outputs"]:
        """The product, in the dtype of ``x``."""
        rows = self._multiply(x.reshape(-1, x.shape[-1]))
        return rows.view(*x.shape[:-1], -1)

    @abstractmethod
    def _multiply(self, x: Float[Tensor, "rows inputs"]) -> Float[Tensor, "rows outputs"]: ...


class Int8Linear(QuantisedLinear):
    """Row i of the matrix is ``weight[i] * scale[i]``; the largest weight of a row becomes +-127."""

    weight: Tensor
    scale: Tensor

    def __init__(self, weight: Float[Tensor, "outputs inputs"]) -> None:
        super().__init__()
        wide = weight.detach().float()
        scale = (wide.abs().amax(dim=1) / 127).clamp(min=1e-12).to(weight.dtype)
        steps = (wide / scale.float()[:, None]).round().clamp(-127, 127)
        self.register_buffer("weight", steps.to(torch.int8))
        self.register_buffer("scale", scale)

    @classmethod
    def from_linear(cls, linear: nn.Linear) -> "Int8Linear":
        """One scale for each output channel."""
        return cls(linear.weight)

    @property
    def nbytes(self) -> int:
        """Bytes that one product reads."""
        return self.weight.nbytes + self.scale.nbytes

    def _multiply(self, x: Float[Tensor, "rows inputs"]) -> Float[Tensor, "rows outputs"]:
        if len(x) > MOST_PACKED_ROWS:
            wide = product_dtype(x)
            return (F.linear(x.to(wide), self.weight.to(wide)) * self.scale).to(x.dtype)
        product: Tensor = torch.ops.aten._weight_int8pack_mm(x.contiguous(), self.weight, self.scale)
        return product


class Int4Linear(QuantisedLinear):
    """Each group of 32 neighbouring inputs is ``(steps - 8) * scale + middle``, steps from 0 to 15."""

    packed: Tensor
    scales_and_middles: Tensor

    def __init__(self, weight: Float[Tensor, "outputs inputs"]) -> None:
        super().__init__()
        groups = weight.detach().float().view(len(weight), -1, GROUP)
        low, high = groups.amin(dim=-1), groups.amax(dim=-1)
        scale = ((high - low) / 15).clamp(min=1e-12).to(weight.dtype)
        middle = (low + 8 * scale.float()).to(weight.dtype)
        steps = ((groups - middle.float()[..., None]) / scale.float()[..., None]).round() + 8
        whole = steps.clamp(0, 15).flatten(1).to(torch.int32)
        # The last argument orders tiles on an accelerator; the CPU's packing ignores it.
        self.register_buffer("packed", torch.ops.aten._convert_weight_to_int4pack_for_cpu(whole, 1))
        pairs = torch.stack([scale, middle], dim=-1).transpose(0, 1).contiguous()
        self.register_buffer("scales_and_middles", pairs)

    @classmethod
    def from_linear(cls, linear: nn.Linear) -> "Int4Linear":
        """One scale and one offset for each 32 inputs of an output channel."""
        return cls(linear.weight)

    @property
    def nbytes(self) -> int:
        """Bytes that one product reads."""
        return self.packed.nbytes + self.scales_and_middles.nbytes

    def _multiply(self, x: Float[Tensor, "rows inputs"]) -> Float[Tensor, "rows outputs"]:
        product: Tensor = torch.ops.aten._weight_int4pack_mm_for_cpu(
            x.contiguous(), self.packed, GROUP, self.scales_and_middles
        )
        return product
