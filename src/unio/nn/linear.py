"""A matrix whose product with a few rows takes the fastest kernel there is on a CPU.

Decoding multiplies one row at a time, so reading the matrix takes the time. torch has several kernels for
it, chosen by shape and dtype. On two cores with AVX-512 and AMX (``benchmarks/products.py``)
``linear(x, w)`` keeps up with the memory in float32, and in bfloat16 loses to ``mm(w, x^T)``, which from two
columns on makes dot products over whole rows of w. The choice is fixed and not made anew at each start:
kernels round differently, and the same seed must give the same answer.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["Linear"]

MOST_COLUMNS = 16
"""With more rows than this a matrix is no longer read at the pace of memory, and ``linear`` is as fast."""


class Linear(nn.Linear):
    """``nn.Linear`` without bias: the same parameter, gradients and values, to the rounding of the kernel."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)  # pyright: ignore[reportUnknownMemberType]

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, x: Float[Tensor, "*batch inputs"]
    ) -> Float[Tensor, "*batch outputs"]:
        """The product, in the dtype of ``x``."""
        if torch.is_grad_enabled() or not _reads_columns(x, self.weight):
            return F.linear(x, self.weight)
        rows = x.reshape(-1, x.shape[-1])
        # One column goes to another kernel, which is slower than two columns that are the same.
        columns = (rows.expand(2, -1) if len(rows) == 1 else rows).t()
        product = torch.mm(self.weight, columns)[:, : len(rows)]
        return product.t().reshape(*x.shape[:-1], -1)


def _reads_columns(x: Tensor, weight: Tensor) -> bool:
    is_narrow = x.dtype is weight.dtype is torch.bfloat16 and x.device.type == "cpu"
    return is_narrow and x.numel() <= MOST_COLUMNS * x.shape[-1]
