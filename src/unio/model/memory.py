"""`Memory`: what the encoder hands to the decoder, encoded once for all targets of a batch."""

from dataclasses import dataclass

from jaxtyping import Bool, Float, Int
from torch import Tensor

__all__ = ["Memory", "PackedRows"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Memory:
    """Encoder output: hidden states, where they are valid, and their rotary tables for cross-attention."""

    hidden: Float[Tensor, "batch length dim"]
    mask: Bool[Tensor, "batch length"]
    rotary: Float[Tensor, "batch length 2 half"]

    def select(self, rows: Int[Tensor, " selected"]) -> "Memory":
        """The given examples, in the given order; one may be named twice."""
        return Memory(hidden=self.hidden[rows], mask=self.mask[rows], rotary=self.rotary[rows])


@dataclass(frozen=True, kw_only=True, eq=False)
class PackedRows:
    """Rows that several examples share, and their rotary tables; attention patterns keep them apart."""

    hidden: Float[Tensor, "rows length dim"]
    rotary: Float[Tensor, "rows length 2 half"]
