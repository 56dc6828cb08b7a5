"""How much of a codebook is in use (spec section 11)."""

import torch
from jaxtyping import Int64
from torch import Tensor

__all__ = ["CodeUsage"]


class CodeUsage:
    """Counts codes until `reset`, and tells how many of them occurred and how evenly.

    Example, 4 codes, seen 0 0 1 1: share 0.5, perplexity 2.
    """

    def __init__(self, num_codes: int) -> None:
        self.counts = torch.zeros(num_codes, dtype=torch.int64)

    def update(self, codes: Int64[Tensor, "*shape"]) -> None:
        """Count these codes."""
        self.counts += torch.bincount(codes.flatten(), minlength=len(self.counts)).cpu()

    def reset(self) -> None:
        """Forget all counts."""
        self.counts.zero_()

    @property
    def share(self) -> float:
        """Share of the codebook that occurred at least once."""
        return float((self.counts > 0).float().mean())

    @property
    def perplexity(self) -> float:
        """``exp`` of the entropy of the codes: the number of codes an even use of this entropy would need.

        0 before anything was counted.
        """
        total = int(self.counts.sum())
        if total == 0:
            return 0.0
        shares = self.counts[self.counts > 0].double() / total
        return float(torch.exp(-(shares * shares.log()).sum()))
