"""Soft targets for location tokens: near misses cost less than far ones. Not in the paper; off by default.

A location is a number, but its thousand tokens are unrelated classes to cross-entropy: a bin that is one off
costs as much as one at the other end, and each bin has to be met often to be learnt. A bell around the true
bin as the target lets each example teach the bins beside it too (Gaussian smoothing of ordinal labels).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

__all__ = ["LocationSmoothing"]

REACH = 3
"""Widths at which the bell is cut off: 0.3 % of it lie beyond."""


@dataclass(frozen=True, kw_only=True)
class LocationSmoothing:
    """A bell of standard deviation ``width`` (bins, above 0) over the ids ``start`` .. ``end`` - 1."""

    start: int
    end: int
    width: float

    def surplus(
        self, logits: Float[Tensor, "count length vocab"], ids: Int[Tensor, "count length"]
    ) -> Float[Tensor, "count length"]:
        """Soft minus hard cross-entropy of each token; 0 at tokens that are no locations.

        log Z is the same in both, so the difference is the true logit less the bell's mean of the logits::

            true bin 7 of 10, width 1    bell .05 .24 .40 .24 .05 over the bins 5 .. 9
            true bin 9                   bell .57 .35 .08 over 9 .. 7: cut to the table at its ends
        """
        reach = max(1, round(REACH * self.width))
        offsets = torch.arange(-reach, reach + 1, device=ids.device)
        places = ids.long().unsqueeze(-1) + offsets
        is_inside = (places >= self.start) & (places < self.end)
        bell = torch.exp(-0.5 * (offsets / self.width) ** 2) * is_inside
        # At a token that is no location nothing may be inside: the clamp keeps the quotient finite there.
        bell = bell / bell.sum(dim=-1, keepdim=True).clamp(min=1e-9)
        near = logits.gather(-1, places.clamp(self.start, self.end - 1))
        chosen = logits.gather(-1, ids.long().unsqueeze(-1)).squeeze(-1)
        is_location = (ids >= self.start) & (ids < self.end)
        return torch.where(is_location, chosen - (near * bell).sum(dim=-1), 0.0)
