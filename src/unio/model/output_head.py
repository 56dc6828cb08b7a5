"""Logits from the decoder's output and the embeddings of a target modality, which are tied (spec 10)."""

from typing import Self

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from unio.nn.precision import at_least_float32
from unio.nn.row_products import MOST_ROWS, fastest_row_product, multiply_rows

__all__ = ["RowHead", "head_logits"]


def head_logits(
    hidden: Float[Tensor, "*batch dim"], table: Float[Tensor, "vocab dim"]
) -> Float[Tensor, "*batch vocab"]:
    """Float32 logits (float64 for a model in it)."""
    with torch.autocast(hidden.device.type, enabled=False):
        return F.linear(_scaled(hidden), at_least_float32(table))


class RowHead:
    """`head_logits` of a few rows in compiled code, which reads a narrow table without widening it first."""

    def __init__(self) -> None:
        self._logits = torch.compile(_dots, dynamic=False)  # pyright: ignore[reportUnknownMemberType]

    @classmethod
    def if_fastest(cls, dtype: torch.dtype, *, device: torch.device) -> Self | None:
        """One for tables of ``dtype``, where a CPU reads them fastest this way."""
        is_wanted = device.type == "cpu" and fastest_row_product(dtype, is_compiled=True) == "dots"
        return cls() if is_wanted else None

    def takes(self, hidden: Float[Tensor, "*batch dim"]) -> bool:
        """Whether it is meant for so many rows."""
        return hidden.numel() <= MOST_ROWS["dots"] * hidden.shape[-1]

    def __call__(
        self, hidden: Float[Tensor, "*batch dim"], table: Float[Tensor, "vocab dim"]
    ) -> Float[Tensor, "*batch vocab"]:
        """Float32 logits."""
        return self._logits(hidden.flatten(0, -2), table).view(*hidden.shape[:-1], -1)


def _dots(rows: Float[Tensor, "rows dim"], table: Float[Tensor, "vocab dim"]) -> Float[Tensor, "rows vocab"]:
    return multiply_rows(_scaled(rows), table, way="dots")


def _scaled(hidden: Float[Tensor, "*batch dim"]) -> Float[Tensor, "*batch dim"]:
    return at_least_float32(hidden) * hidden.shape[-1] ** -0.5
