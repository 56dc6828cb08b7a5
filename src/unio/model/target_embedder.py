"""Target tokens as decoder inputs: embedding, modality vector, rotary positions (spec section 8)."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from unio.nn.rotary import grid_rotary, line_rotary

__all__ = ["TargetEmbedder", "fed_ids", "shift_right"]

BEGIN_ID = 0

WITHHELD_ID = 1
"""The reserved id of pictures and sounds (spec section 3) stands for a code that the decoder is not told."""


def shift_right(ids: Int[Tensor, "count length"]) -> Int[Tensor, "count length"]:
    """What the decoder reads to predict ``ids``: the begin token, then all but the last.

    Example::

        ids      7 8 9 1
        inputs   0 7 8 9
    """
    inputs = ids.new_full(ids.shape, BEGIN_ID)
    inputs[:, 1:] = ids[:, :-1]
    return inputs


def fed_ids(
    ids: Int[Tensor, "count length"], withheld: Bool[Tensor, "count length"] | None
) -> Int[Tensor, "count length"]:
    """The codes that later slots are told: all of them, or all but those withheld."""
    return ids if withheld is None else ids.masked_fill(withheld, WITHHELD_ID)


class TargetEmbedder(nn.Module):
    """One target modality. ``columns`` is the width of its rotary grid; None puts tokens on a line."""

    def __init__(self, dim: int, *, head_dim: int, columns: int | None) -> None:
        super().__init__()
        self.head_dim = head_dim
        self.columns = columns
        self.modality = nn.Parameter(torch.zeros(dim))

    def forward(
        self, inputs: Int[Tensor, "count length"], *, token_embedder: nn.Embedding
    ) -> Float[Tensor, "count length dim"]:
        """Embed tokens that have been shifted already."""
        return token_embedder(inputs.long()) + self.modality

    def rotary(self, length: int, *, device: torch.device) -> Float[Tensor, "1 length 2 half"]:
        """Rotary tables of the first ``length`` decoder slots; slot 0 holds the begin token."""
        return self.rotary_at(torch.arange(length, device=device)[None])

    def rotary_at(self, positions: Int[Tensor, "*shape"]) -> Float[Tensor, "*shape 2 half"]:
        """Rotary tables of decoder slots in any arrangement."""
        if self.columns is None:
            return line_rotary(positions, head_dim=self.head_dim)
        return grid_rotary(positions, columns=self.columns, head_dim=self.head_dim)
