"""A matrix whose product with a few rows takes the fastest way there is on this CPU (`row_products`)."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.nn.precision import product_dtype
from unio.nn.row_products import RowProduct, fastest_row_product, multiply_rows

__all__ = ["Linear", "choose_row_products"]


class Linear(nn.Linear):
    """``nn.Linear`` without bias: the same parameter, gradients and values, to the rounding of the kernel.

    ``row_product`` is how few rows are multiplied where there are no gradients; see `choose_row_products`.
    """

    row_product: RowProduct = "linear"

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)  # pyright: ignore[reportUnknownMemberType]

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, x: Float[Tensor, "*batch inputs"]
    ) -> Float[Tensor, "*batch outputs"]:
        """The product, in the dtype of ``x``."""
        way = "linear" if torch.is_grad_enabled() else self.row_product
        is_plain = way == "linear" and product_dtype(x) is x.dtype
        if is_plain or x.dtype is not self.weight.dtype:
            return F.linear(x, self.weight)
        return multiply_rows(x.reshape(-1, x.shape[-1]), self.weight, way=way).reshape(*x.shape[:-1], -1)


def choose_row_products(module: nn.Module, *, is_compiled: bool) -> None:
    """Give every `Linear` of a module on the CPU the way that is fastest there for its dtype.

    Measured once on each machine and kept (`fastest_row_product`). Uncompiled float32 stays ``linear``, as
    all kernels read it at the same pace.
    """
    ways: dict[torch.dtype, RowProduct] = {}
    for part in module.modules():
        if not isinstance(part, Linear) or part.weight.device.type != "cpu":
            continue
        dtype = part.weight.dtype
        if dtype not in ways:
            is_fixed = dtype is torch.float32 and not is_compiled
            ways[dtype] = "linear" if is_fixed else fastest_row_product(dtype, is_compiled=is_compiled)
        part.row_product = ways[dtype]
